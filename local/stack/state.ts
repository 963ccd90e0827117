import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { idSchema, newId } from '#contracts/ids.ts'
import { newKeyRingSpec } from '#db/crypto/key-ring.ts'
import { newSigningKey } from '#local/new-signing-key.ts'
import { UserError } from '#local/user-error.ts'

const demoSchema = z.object({
  customerId: idSchema('customer'),
  apiKey: z.string(),
  instanceId: idSchema('instance'),
  webhookId: idSchema('webhook'),
  webhookSecret: z.string(),
  /** The phone that the instance is linked to, and the one that a message is sent to. */
  ownNumber: z.string(),
  contactNumber: z.string(),
})
export type DemoData = z.infer<typeof demoSchema>

const adminSchema = z.object({ email: z.string(), password: z.string() })
export type LocalAdmin = z.infer<typeof adminSchema>

const stateSchema = z.object({
  /** Private JWK by which the edge signs service tokens. */
  serviceTokenKey: z.record(z.string(), z.unknown()),
  sessionKeyRing: z.string(),
  webhookKeyRing: z.string(),
  /** Private JWK by which the edge signs admins' access tokens, and the key ring of admins' secrets. */
  adminTokenKey: z.record(z.string(), z.unknown()),
  adminKeyRing: z.string(),
  redisToken: z.string(),
  serverIds: z.array(idSchema('server')),
  /** Absent until the first start has finished making it. */
  demo: demoSchema.optional(),
  /** The log-in that `npm start` prints. */
  admin: adminSchema.optional(),
})

/** What a local stack must remember between starts, apart from the database and the simulator: its secrets and demo ids. */
export type StackState = z.infer<typeof stateSchema>

const workerCount = 2

async function newState(workers: number): Promise<StackState> {
  return {
    serviceTokenKey: await newSigningKey('local'),
    adminTokenKey: await newSigningKey('local'),
    adminKeyRing: newKeyRingSpec(),
    sessionKeyRing: newKeyRingSpec(),
    webhookKeyRing: newKeyRingSpec(),
    redisToken: randomBytes(24).toString('base64url'),
    serverIds: Array.from({ length: workers }, () => newId('server')),
  }
}

/** Reads the folder's state, or makes one with random secrets and so many servers. */
export async function loadState(dataDir: string, workers = workerCount): Promise<StackState> {
  const file = stateFile(dataDir)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const state = await newState(workers)
    await saveState(dataDir, state)
    return state
  }
  try {
    const kept = stateSchema.partial({ adminTokenKey: true, adminKeyRing: true }).parse(JSON.parse(text))
    if (kept.adminTokenKey !== undefined && kept.adminKeyRing !== undefined) return stateSchema.parse(kept)
    // A folder of before there were admins gets their secrets beside those that it has.
    const { adminTokenKey, adminKeyRing } = await newState(0)
    const state = { adminTokenKey, adminKeyRing, ...kept } as StackState
    await saveState(dataDir, state)
    return state
  } catch (error) {
    throw new UserError(`${file} cannot be read; remove the folder ${dataDir} to begin anew.`, { cause: error })
  }
}

/** Replaces the file at once, so that a crash leaves the old or the new one; only the owner may read it. */
export async function saveState(dataDir: string, state: StackState): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const file = stateFile(dataDir)
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

function stateFile(dataDir: string): string {
  return path.join(dataDir, 'state.json')
}
