import { isId, type ServerId } from '#contracts/ids.ts'
import { ConfigError, keyRingOf, required, urlOf } from '#db/config/variables.ts'
import type { WorkerIdentity } from './enroll/identity.ts'
import { logLevels, type LogLevel } from './log.ts'

/** What a worker has to be told. Nothing in it can point a session anywhere but at WhatsApp. */
export interface WorkerConfig {
  databaseUrl: string
  /** The row of the registry that this worker serves. */
  serverId: ServerId
  /** Address to listen on; a TLS proxy on the same machine is the only one who should reach it. */
  host: string
  /** 0 takes a free port. */
  port: number
  /** Where the edge publishes the keys that its service tokens are signed with. */
  edgeJwksUrl: string
  /** Folder of this worker's own: its Unix socket and the name of its run, for a successor on the same machine. */
  dataDir: string
  /** Key ring of session credentials, in the form of db/crypto/key-ring.ts. Workers only. */
  sessionKeyRing: string
  /** Key ring of webhook secrets, shared with the edge. */
  webhookKeyRing: string
  logLevel: LogLevel
  /** Where Prometheus finds `/metrics`; without it there are none. Port 0 takes a free one. */
  metrics?: { host: string; port: number }
}

const defaultDataDir = '.wharf/worker'

export const environmentHelp = `npm run worker [-- --enroll TOKEN --edge https://<edge>]

  --enroll TOKEN    become the server that the token was made for, before the start; once per machine
  --edge ADDRESS    where to enroll
  --enroll-only     end after that, for playbooks and containers

Environment of the worker:
  DATABASE_URL      postgres://user:password@host:port/database
  SERVER_ID         id of this server in the registry (srv_...); not needed once it has enrolled
  EDGE_JWKS_URL     https://<edge>/.well-known/jwks.json; not needed once it has enrolled
  SESSION_KEY_RING  <id>:<base64 of 32 bytes>[,<older id>:<base64>...]; encrypts session credentials
  WEBHOOK_KEY_RING  the same form; the edge has the same one
  HOST              address to listen on (127.0.0.1)
  PORT              port to listen on (8081)
  METRICS_PORT      port of /metrics for Prometheus, 0 for a free one (not set: no metrics)
  METRICS_HOST      address of /metrics (127.0.0.1)
  DATA_DIR          folder of this worker's own: its key, and where a successor reads that it is dead (${defaultDataDir})
  LOG_LEVEL         ${logLevels.join(', ')} (info)

Each may be a file of that name in CREDENTIALS_DIRECTORY instead (systemd's LoadCredential=), as secrets should.`

type Environment = Record<string, string | undefined>

/** What a worker's enrollment tells in place of variables. */
type Enrolled = Pick<WorkerIdentity, 'server_id' | 'edge_url'>

/** Throws ConfigError at the first variable that is missing or wrong. */
export function parseWorkerConfig(env: Environment, enrolled?: Enrolled): WorkerConfig {
  return {
    databaseUrl: urlOf(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    serverId: serverIdOf(env, enrolled),
    host: env.HOST ?? '127.0.0.1',
    port: portOf(env, 'PORT') ?? 8081,
    edgeJwksUrl: jwksUrlOf(env, enrolled),
    dataDir: dataDirOf(env),
    sessionKeyRing: keyRingOf(env, 'SESSION_KEY_RING'),
    webhookKeyRing: keyRingOf(env, 'WEBHOOK_KEY_RING'),
    logLevel: logLevelOf(env),
    ...metricsOf(env),
  }
}

export function dataDirOf(env: Environment): string {
  return env.DATA_DIR ?? defaultDataDir
}

function jwksUrlOf(env: Environment, enrolled: Enrolled | undefined): string {
  if (env.EDGE_JWKS_URL === undefined && enrolled !== undefined) return `${enrolled.edge_url}/.well-known/jwks.json`
  const value = urlOf(env, 'EDGE_JWKS_URL', ['https:', 'http:'])
  requireSafe('EDGE_JWKS_URL', new URL(value))
  return value
}

/** An edge's address without a path. Throws ConfigError. */
export function requireSafeOrigin(name: string, value: string): void {
  urlOf({ [name]: value }, name, ['https:', 'http:'])
  const url = new URL(value)
  if (url.origin !== value) throw new ConfigError(`${name} must be an address such as https://api.example.com.`)
  requireSafe(name, url)
}

/** Whoever answers there decides which commands are obeyed, so plain HTTP is for this machine alone. */
function requireSafe(name: string, { protocol, hostname }: URL): void {
  if (protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) {
    throw new ConfigError(`${name} must begin with https:// unless it is on this machine.`)
  }
}

function serverIdOf(env: Environment, enrolled: Enrolled | undefined): ServerId {
  if (env.SERVER_ID === undefined && enrolled !== undefined) return enrolled.server_id
  const value = required(env, 'SERVER_ID')
  if (!isId('server', value))
    throw new ConfigError('SERVER_ID is not a server id such as srv_01h455vb4pex5vsknk084sn02q.')
  return value
}

function portOf(env: Environment, name: string): number | undefined {
  const text = env[name]
  if (text === undefined) return undefined
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new ConfigError(`${name} is not a port number from 0 to 65535.`)
  return port
}

function metricsOf(env: Environment): Pick<WorkerConfig, 'metrics'> {
  const port = portOf(env, 'METRICS_PORT')
  return port === undefined ? {} : { metrics: { host: env.METRICS_HOST ?? '127.0.0.1', port } }
}

function logLevelOf(env: Environment): LogLevel {
  const level = env.LOG_LEVEL ?? 'info'
  const known = logLevels.find((one) => one === level)
  if (known === undefined) throw new ConfigError(`LOG_LEVEL is not one of ${logLevels.join(', ')}.`)
  return known
}
