import { createServer } from 'node:net'
import { Log, LogLevel, Miniflare } from 'miniflare'
import type { Pages } from '#local/dashboard/read-pages.ts'
import { listenOnLoopback } from '#local/loopback/listen-on-loopback.ts'
import { bundleEdge } from './bundle-edge.ts'
import { guardWorkerd } from './guard-workerd.ts'
import { readWranglerConfig } from './wrangler-config.ts'

export interface LocalEdgeOptions {
  /** Port of the API; 0 or none takes a free one. */
  port?: number | undefined
  /** What neon(...) gets. */
  databaseUrl: string
  neonFetchEndpoint: string
  /** Upstash's REST endpoint. */
  redis: { url: string; token: string }
  /** Longest time that a request waits for Redis; as in production unless told. */
  redisTimeoutMs?: number | undefined
  /** Longest time that a statement may take; as in production unless told. */
  databaseTimeoutMs?: number | undefined
  /** How long counts of use wait until they are written down; as in production unless told. */
  usageFlushMs?: number | undefined
  webhookKeyRing: string
  /** Private Ed25519 key as a JWK with a kid. */
  serviceTokenKey: Record<string, unknown>
  /** The same of admins' access tokens: another key. */
  adminTokenKey: Record<string, unknown>
  adminKeyRing: string
  /** Origin of the dashboard's pages when it is not the API's own. */
  dashboardOrigin?: string | undefined
  /** Where alerts are told. */
  alertWebhook?: { url: string; secret: string } | undefined
  /** The dashboard's pages, answered at every path that is none of the API's. */
  pages?: Pages | undefined
  /** Entry file relative to the project: the local one unless told. Tests also start the production one. */
  entry?: 'local/edge/local-main.ts' | 'edge/main.ts' | undefined
  /** Authorities that it trusts beside the public ones, as PEM: those of workers with a certificate of their own. */
  trustedCertificates?: string[] | undefined
  /** Told of each line that the edge logs, and of what workerd says. */
  log?: ((line: string) => void) | undefined
}

/** The edge, running in workerd on loopback. */
export interface LocalEdge {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** Lets an isolate forget what it remembers, as Cloudflare does when it moves a Worker. */
  restart(): Promise<void>
  /** Does what Cloudflare's cron would do now. Resolves when every job has run. */
  runScheduled(): Promise<void>
  /** May be called twice. */
  stop(): Promise<void>
}

/** Bundles the edge and runs it as wrangler.toml says. */
export async function startEdge(options: LocalEdgeOptions): Promise<LocalEdge> {
  const { port = 0, log = () => {}, entry = 'local/edge/local-main.ts', pages } = options
  const [script, wrangler] = await Promise.all([bundleEdge(entry), readWranglerConfig()])
  const settings = {
    modules: [{ type: 'ESModule' as const, path: 'edge.js', contents: script }],
    compatibilityDate: wrangler.compatibilityDate,
    compatibilityFlags: wrangler.compatibilityFlags,
    bindings: { ...wrangler.vars, ...bindingsOf(options) },
    ...(pages === undefined ? {} : { serviceBindings: { LOCAL_PAGES: pages } }),
    ...(options.trustedCertificates === undefined ? {} : { outboundService: trusting(options.trustedCertificates) }),
    host: '127.0.0.1',
    port,
    // Nothing is fetched from or sent to the internet.
    cf: false,
    telemetry: { enabled: false },
    log: new Log(LogLevel.NONE),
    handleRuntimeStdio: (stdout: NodeJS.ReadableStream, stderr: NodeJS.ReadableStream) => {
      forwardLines(stdout, log)
      forwardLines(stderr, log)
    },
  }
  await refuseTakenPort(port)
  const miniflare = withoutSignalHandlers(() => new Miniflare(settings))
  const url = await miniflare.ready.then(
    ({ origin }) => origin,
    async (error: unknown) => {
      await miniflare.dispose()
      throw error
    },
  )
  let endGuard = await guardWorkerd()
  let stopped: Promise<void> | undefined
  return {
    url,
    async restart() {
      await miniflare.setOptions({ ...settings, port: Number(new URL(url).port) })
      await endGuard()
      endGuard = await guardWorkerd()
    },
    async runScheduled() {
      const worker = await miniflare.getWorker()
      for (const cron of wrangler.crons) await worker.scheduled({ cron, scheduledTime: new Date() })
    },
    stop: () => (stopped ??= miniflare.dispose().then(() => endGuard())),
  }
}

/** Everything that fetch reaches without it too. */
function trusting(trustedCertificates: string[]) {
  return { network: { allow: ['public', 'private'], tlsOptions: { trustBrowserCas: true, trustedCertificates } } }
}

/** Miniflare would end the whole process at a signal, with everything else of the stack still open. */
function withoutSignalHandlers<T>(construct: () => T): T {
  const signals = ['SIGINT', 'SIGTERM'] as const
  const before = new Map(signals.map((signal) => [signal, process.listeners(signal)]))
  const constructed = construct()
  for (const [signal, listeners] of before) {
    for (const listener of process.listeners(signal)) {
      if (!listeners.includes(listener)) process.off(signal, listener)
    }
  }
  return constructed
}

/** Before workerd finds out: its own words for a taken port are a stack of Miniflare's. */
async function refuseTakenPort(port: number): Promise<void> {
  const probe = createServer()
  await listenOnLoopback(probe, port, 'The API')
  await new Promise((resolve) => probe.close(resolve))
}

function bindingsOf({ databaseUrl, neonFetchEndpoint, redis, ...options }: LocalEdgeOptions) {
  return {
    DATABASE_URL: databaseUrl,
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: redis.token,
    WEBHOOK_KEY_RING: options.webhookKeyRing,
    SERVICE_TOKEN_KEY: JSON.stringify(options.serviceTokenKey),
    ADMIN_TOKEN_KEY: JSON.stringify(options.adminTokenKey),
    ADMIN_KEY_RING: options.adminKeyRing,
    ...(options.dashboardOrigin === undefined ? {} : { DASHBOARD_ORIGIN: options.dashboardOrigin }),
    ...(options.alertWebhook === undefined
      ? {}
      : { ALERT_WEBHOOK_URL: options.alertWebhook.url, ALERT_WEBHOOK_SECRET: options.alertWebhook.secret }),
    LOCAL_NEON_FETCH_ENDPOINT: neonFetchEndpoint,
    ...(options.redisTimeoutMs === undefined ? {} : { LOCAL_REDIS_TIMEOUT_MS: options.redisTimeoutMs }),
    ...(options.databaseTimeoutMs === undefined ? {} : { LOCAL_DATABASE_TIMEOUT_MS: options.databaseTimeoutMs }),
    ...(options.usageFlushMs === undefined ? {} : { LOCAL_USAGE_FLUSH_MS: options.usageFlushMs }),
  }
}

function forwardLines(stream: NodeJS.ReadableStream, log: (line: string) => void): void {
  let rest = ''
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') log(line)
  })
}
