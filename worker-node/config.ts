import { isId, type ServerId } from '#contracts/ids.ts'
import { ConfigError, keyRingOf, required, urlOf } from '#db/config/variables.ts'
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

export const environmentHelp = `Environment of the worker:
  DATABASE_URL      postgres://user:password@host:port/database
  SERVER_ID         id of this server in the registry (srv_...)
  EDGE_JWKS_URL     https://<edge>/.well-known/jwks.json
  SESSION_KEY_RING  <id>:<base64 of 32 bytes>[,<older id>:<base64>...]; encrypts session credentials
  WEBHOOK_KEY_RING  the same form; the edge has the same one
  HOST              address to listen on (127.0.0.1)
  PORT              port to listen on (8081)
  METRICS_PORT      port of /metrics for Prometheus, 0 for a free one (not set: no metrics)
  METRICS_HOST      address of /metrics (127.0.0.1)
  DATA_DIR          folder of this worker's own; a successor on this machine reads there that it is dead (${defaultDataDir})
  LOG_LEVEL         ${logLevels.join(', ')} (info)`

type Environment = Record<string, string | undefined>

/** Throws ConfigError at the first variable that is missing or wrong. */
export function parseWorkerConfig(env: Environment): WorkerConfig {
  return {
    databaseUrl: urlOf(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    serverId: serverIdOf(env),
    host: env.HOST ?? '127.0.0.1',
    port: portOf(env, 'PORT') ?? 8081,
    edgeJwksUrl: jwksUrlOf(env),
    dataDir: env.DATA_DIR ?? defaultDataDir,
    sessionKeyRing: keyRingOf(env, 'SESSION_KEY_RING'),
    webhookKeyRing: keyRingOf(env, 'WEBHOOK_KEY_RING'),
    logLevel: logLevelOf(env),
    ...metricsOf(env),
  }
}

/** Whoever answers there decides which commands are obeyed, so plain HTTP is for this machine alone. */
function jwksUrlOf(env: Environment): string {
  const value = urlOf(env, 'EDGE_JWKS_URL', ['https:', 'http:'])
  const { protocol, hostname } = new URL(value)
  if (protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) {
    throw new ConfigError('EDGE_JWKS_URL must begin with https:// unless it is on this machine.')
  }
  return value
}

function serverIdOf(env: Environment): ServerId {
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
