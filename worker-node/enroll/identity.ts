import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { idSchema } from '#contracts/ids.ts'
import { ConfigError } from '#db/config/variables.ts'

const identitySchema = z.object({
  server_id: idSchema('server'),
  /** Where it is reached, as the registry said at its enrollment. */
  url: z.string(),
  /** The edge that it enrolled at. */
  edge_url: z.string(),
  private_key: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() }),
})

/** Who a worker is, once it has enrolled. Only its own user may read the file. */
export type WorkerIdentity = z.infer<typeof identitySchema>

export function identityFile(dataDir: string): string {
  return path.join(path.resolve(dataDir), 'identity.json')
}

/** Undefined when nobody enrolled in this folder. Throws ConfigError when the file cannot be read. */
export async function readIdentity(dataDir: string): Promise<WorkerIdentity | undefined> {
  const file = identityFile(dataDir)
  try {
    return identitySchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new ConfigError(`${file} cannot be read: restore it, or remove it and enroll with a new token.`)
  }
}

/**
 * A place for an identity, made before there is one: a folder that cannot be written must not use up a token. `keep` puts
 * the file there at once and whole. Throws ConfigError.
 */
export async function reserveIdentity(dataDir: string): Promise<{
  keep(identity: WorkerIdentity): Promise<void>
  giveUp(): Promise<void>
}> {
  const file = identityFile(dataDir)
  const draft = `${file}.new`
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(draft, '', { mode: 0o600 })
  } catch (error) {
    throw new ConfigError(`${path.dirname(file)} cannot be written (${(error as NodeJS.ErrnoException).code}).`)
  }
  return {
    async keep(identity) {
      await writeFile(draft, `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600 })
      await rename(draft, file)
    },
    giveUp: () => rm(draft, { force: true }),
  }
}
