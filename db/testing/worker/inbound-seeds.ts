import type { InstanceId } from '#contracts/ids.ts'
import type { ProjectedMessage } from '#core/ports/inbound.ts'
import type { MemoryRows } from '#core/testing/memory-rows.ts'
import type { Seed } from '#core/testing/seed.ts'

export const contactNumber = '+5511999990002'
export const contactLid = '85123456789@lid'

/** A text of the contact, named by number, with nothing told about other addresses. */
export function received(values: Partial<ProjectedMessage> = {}): ProjectedMessage {
  return {
    waMessageId: 'WA1',
    chat: contactNumber,
    sender: contactNumber,
    content: { type: 'text', text: { body: 'Hello' } },
    ...values,
  }
}

let journaled = 0

/** A journal row of the instance, of a ciphertext that was never there before. */
export function seedJournal(
  seed: Seed,
  instanceId: InstanceId,
  values: Partial<MemoryRows['inboundJournal']> = {},
): Promise<MemoryRows['inboundJournal']> {
  const hash = `hash ${++journaled}`
  return seed.insert('inboundJournal', {
    instanceId,
    ciphertextHash: new TextEncoder().encode(hash),
    waMessageId: 'WA1',
    stanza: { from: '1@s.whatsapp.net' },
    plaintext: new TextEncoder().encode(`plain ${hash}`),
    epoch: 1,
    ...values,
  })
}
