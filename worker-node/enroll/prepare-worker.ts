import { parseArgs } from 'node:util'
import { newId } from '#contracts/ids.ts'
import { ConfigError } from '#db/config/variables.ts'
import { dataDirOf, parseWorkerConfig, requireSafeOrigin, type WorkerConfig } from '#worker-node/config.ts'
import { enroll } from './enroll.ts'
import { identityFile, readIdentity, type WorkerIdentity } from './identity.ts'

export interface WorkerArguments {
  help: boolean
  /** The token to enroll with, and where; `only`: the worker is not started then. */
  enroll?: { token: string; edgeUrl: string; only?: boolean }
}

/** Throws ConfigError. */
export function readWorkerArguments(args: readonly string[]): WorkerArguments {
  const { help = false, enroll: token, edge, 'enroll-only': only = false } = parse(args)
  if ((token === undefined) !== (edge === undefined)) throw new ConfigError('--enroll and --edge belong together.')
  if (only && token === undefined) throw new ConfigError('--enroll-only needs --enroll and --edge.')
  if (token === undefined || edge === undefined) return { help }
  requireSafeOrigin('--edge', edge)
  return { help, enroll: { token, edgeUrl: edge, only } }
}

/**
 * The configuration of a worker by its environment and by what it enrolled as, which it does first when it has a token.
 * The rest of the configuration is read before: a mistake there must not use the token up. Throws ConfigError.
 */
export async function prepareWorker(
  env: Record<string, string | undefined>,
  { enroll: asked }: WorkerArguments,
): Promise<{ config: WorkerConfig; identity: WorkerIdentity | undefined }> {
  const dataDir = dataDirOf(env)
  const known = await readIdentity(dataDir)
  if (asked === undefined) return { config: parseWorkerConfig(env, known), identity: known }
  if (known !== undefined) {
    throw new ConfigError(
      `This worker is enrolled as ${known.server_id} already: start it without --enroll, or remove ${identityFile(dataDir)} to make it another.`,
    )
  }
  for (const name of ['SERVER_ID', 'EDGE_JWKS_URL']) {
    if (env[name] !== undefined) throw new ConfigError(`${name} must not be set: the enrollment tells it.`)
  }
  parseWorkerConfig(env, { server_id: newId('server'), edge_url: asked.edgeUrl })
  const identity = await enroll(asked.token, { edgeUrl: asked.edgeUrl, dataDir })
  return { config: parseWorkerConfig(env, identity), identity }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean' },
        enroll: { type: 'string' },
        edge: { type: 'string' },
        'enroll-only': { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new ConfigError((error as Error).message)
  }
}
