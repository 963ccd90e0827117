/** How a jid names a user: by phone number (`@s.whatsapp.net`) or by its anonymous id (`@lid`). */
export type Addressing = 'pn' | 'lid'

export interface Jid {
  user: string
  /** 0 is the phone. */
  device: number
  server: string
}

const SERVERS: Record<Addressing, string> = { pn: 's.whatsapp.net', lid: 'lid' }
const GROUP_SERVER = 'g.us'

/** @returns undefined for text without `@` or user */
export function parseJid(jid: string | undefined): Jid | undefined {
  const match = /^([^:@]+)(?::(\d+))?@(.+)$/.exec(jid ?? '')
  if (!match) return undefined
  return { user: match[1] ?? '', device: Number(match[2] ?? 0), server: match[3] ?? '' }
}

export function jidOf(user: string, addressing: Addressing, device = 0): string {
  return `${user}${device === 0 ? '' : `:${device}`}@${SERVERS[addressing]}`
}

/** `1203...@g.us` */
export function isGroupJid(jid: string | undefined): boolean {
  return parseJid(jid)?.server === GROUP_SERVER
}

export function addressingOf(jid: Jid): Addressing | undefined {
  if (jid.server === SERVERS.pn) return 'pn'
  return jid.server === SERVERS.lid ? 'lid' : undefined
}
