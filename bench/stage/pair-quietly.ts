import type { Account } from '#bench/subject/subject-calls.ts'
import type { Stage, Subject } from './open-stage.ts'

/** Pairs the accounts and waits until what their phones send to a new device has been taken. */
export async function pairQuietly(
  { simulator }: Stage,
  { calls }: Subject,
  accounts: readonly Account[],
): Promise<void> {
  await calls.pair(accounts)
  await Promise.all(accounts.map(({ phoneNumber }) => simulator.quiet(phoneNumber)))
}
