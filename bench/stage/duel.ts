import type { PerVariant, VariantName } from '#bench/variants.ts'
import type { Stage, Subject } from './open-stage.ts'
import { pairQuietly } from './pair-quietly.ts'

/** A measured process with one account that has contacts. */
export interface Duellist {
  subject: Subject
  /** Of the account, E.164. */
  phoneNumber: string
  contacts: readonly string[]
}

/** Two measured processes that live through all benchmarks of messages; one works while the other is idle. */
export type Duel = PerVariant<Duellist>

export async function makeDuel(stage: Stage, contacts: number): Promise<Duel> {
  const make = async (variant: VariantName): Promise<Duellist> => {
    const accounts = await stage.newAccounts(1)
    const subject = await stage.startSubject(variant)
    await pairQuietly(stage, subject, accounts)
    const phoneNumber = accounts[0]?.phoneNumber ?? ''
    return { subject, phoneNumber, contacts: await stage.simulator.makePhones(contacts) }
  }
  return { raw: await make('raw'), driver: await make('driver') }
}
