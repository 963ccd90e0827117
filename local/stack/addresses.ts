import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

/** Where a running stack can be reached, for commands in other shells. */
export const addressesSchema = z.object({
  api: z.string(),
  databaseUrl: z.string(),
  /** What its workers connect to, as local-overrides.ts reads it. */
  whatsapp: z.string(),
})
export type StackAddresses = z.infer<typeof addressesSchema>

/** Of the stack that runs here; undefined when none does. */
export async function readAddresses(dataDir: string): Promise<StackAddresses | undefined> {
  try {
    return addressesSchema.parse(JSON.parse(await readFile(addressesFile(dataDir), 'utf8')))
  } catch {
    return undefined
  }
}

function addressesFile(dataDir: string): string {
  return path.join(dataDir, 'running.json')
}

/** Tells other shells while the stack runs; only its owner may read it. */
export async function publishAddresses(dataDir: string, addresses: StackAddresses): Promise<{ stop(): Promise<void> }> {
  const file = addressesFile(dataDir)
  await writeFile(file, `${JSON.stringify(addresses)}\n`, { mode: 0o600 })
  return { stop: () => rm(file, { force: true }) }
}
