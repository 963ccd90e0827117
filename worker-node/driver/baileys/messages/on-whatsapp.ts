import type { WASocket } from '@whiskeysockets/baileys'
import { createGrowingCache } from '#worker-node/growing-cache.ts'
import { jidOfNumber } from './phone-number.ts'

/** How many numbers a connection remembers to be on WhatsApp. */
const rememberedNumbers = 5_000

/**
 * Looks a number up before the first message to it: Baileys would send to nobody and call it a success. Only who is there
 * is remembered, since an account can be made at any time. WhatsApp's spelling of the number comes back, which can differ
 * (Brazil's ninth digit).
 */
export function createWhatsAppLookup(socket: Pick<WASocket, 'onWhatsApp'>): {
  /** The jid to write to; undefined when there is no account. Rejects when WhatsApp did not answer. */
  find: (phoneNumber: string) => Promise<string | undefined>
} {
  const known = createGrowingCache<string>(rememberedNumbers)
  return {
    async find(phoneNumber) {
      const remembered = known.get(phoneNumber)
      if (remembered !== undefined) return remembered
      const answer = await socket.onWhatsApp(jidOfNumber(phoneNumber))
      if (answer === undefined) throw new Error('WhatsApp did not answer whether a number has an account.')
      const found = answer.find(({ exists }) => exists)?.jid
      if (found !== undefined) known.set(phoneNumber, found)
      return found
    },
  }
}
