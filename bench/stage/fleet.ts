import type { Account, MemoryUse } from '#bench/subject/subject-calls.ts'
import type { PerVariant, VariantName } from '#bench/variants.ts'
import type { Stage } from './open-stage.ts'
import { pairQuietly } from './pair-quietly.ts'

/** Many paired sessions, stored and closed, to be opened by other processes. Pairing is dear, so it is done once. */
export interface VariantFleet {
  accounts: readonly Account[]
  /** What the process that paired them used with each of the asked numbers of sessions. */
  memory: readonly MemoryUse[]
}

export type Fleet = PerVariant<VariantFleet>

export async function makeFleet(stage: Stage, sessions: readonly number[]): Promise<Fleet> {
  const make = async (variant: VariantName): Promise<VariantFleet> => {
    const accounts = await stage.newAccounts(sessions.at(-1) ?? 0)
    const subject = await stage.startSubject(variant)
    const memory: MemoryUse[] = []
    let paired = 0
    for (const count of sessions) {
      await pairQuietly(stage, subject, accounts.slice(paired, count))
      paired = count
      memory.push(await subject.calls.memory())
    }
    await subject.calls.close()
    await subject.stop()
    return { accounts, memory }
  }
  return { raw: await make('raw'), driver: await make('driver') }
}
