import { jidDecode, jidEncode, jidNormalizedUser } from '@whiskeysockets/baileys'

/** `5511999990002@s.whatsapp.net` for `+5511999990002`. */
export function jidOfNumber(phoneNumber: string): string {
  return jidEncode(phoneNumber.replace(/^\+/, ''), 's.whatsapp.net')
}

/** E.164 for the jid of a phone number, WhatsApp's address without the device for anything else. */
export function canonicalAddress(jid: string): string {
  const { user = '', server = '' } = jidDecode(jid) ?? {}
  const isNumber = server === 's.whatsapp.net' || server === 'hosted' || server === 'c.us'
  if (isNumber && /^\d+$/.test(user)) return `+${user}`
  return jidNormalizedUser(jid)
}
