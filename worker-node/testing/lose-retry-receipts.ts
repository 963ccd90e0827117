import { waitFor } from '#local/testing/wait-for.ts'
import type { Faults } from '#simulator/api.ts'

/**
 * Nobody can read the account's next message, and the retry receipts in which the contact and the own phone say so do not
 * reach the instance before its next log-in. Returns what resolves when both are lost; nothing else may be faulty then.
 */
export function loseRetryReceipts(faults: Faults, phoneNumber: string): () => Promise<unknown> {
  const retry = { direction: 'to-device', stanza: 'receipt', type: 'retry' } as const
  faults.add({ action: { kind: 'drop' }, ...retry, phoneNumber, times: 2 })
  faults.add({ action: { kind: 'corrupt' }, phoneNumber, times: 1 })
  return () => waitFor(() => faults.list().length === 0, { what: 'the retry receipts to get lost' })
}
