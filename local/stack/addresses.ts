import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

/** Where a running stack can be reached, for commands in other shells. */
export const addressesSchema = z.object({ api: z.string(), databaseUrl: z.string() })
export type StackAddresses = z.infer<typeof addressesSchema>

export function addressesFile(dataDir: string): string {
  return path.join(dataDir, 'running.json')
}

/** Tells other shells while the stack runs; only its owner may read it. */
export async function publishAddresses(dataDir: string, addresses: StackAddresses): Promise<{ stop(): Promise<void> }> {
  const file = addressesFile(dataDir)
  await writeFile(file, `${JSON.stringify(addresses)}\n`, { mode: 0o600 })
  return { stop: () => rm(file, { force: true }) }
}
