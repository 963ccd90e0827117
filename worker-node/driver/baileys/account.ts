import { jidNormalizedUser, S_WHATSAPP_NET, type AuthenticationCreds, type WASocket } from '@whiskeysockets/baileys'
import type { Account } from '#core/ports/driver.ts'
import { canonicalAddress } from './messages/phone-number.ts'

/** The account of a linked device. */
export function accountOf({ me }: Pick<AuthenticationCreds, 'me'>): Account {
  return {
    phoneNumber: canonicalAddress(me?.id ?? ''),
    lid: me?.lid === undefined ? null : jidNormalizedUser(me.lid),
  }
}

/** Takes this device off the phone's list. Rejects when WhatsApp refused or did not answer. */
export async function unlinkDevice(socket: WASocket, deviceJid: string): Promise<void> {
  const answer: unknown = await socket.query({
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'md' },
    content: [{ tag: 'remove-companion-device', attrs: { jid: deviceJid, reason: 'user_initiated' } }],
  })
  if (answer === undefined) throw new Error('WhatsApp did not answer the log-out.')
}
