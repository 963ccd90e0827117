import { jidDecode, jidEncode, transferDevice, type SignalRepository } from '@whiskeysockets/baileys'
import { SessionRecord } from 'libsignal'
import type { KeyWrite } from '#core/ports/session-keys.ts'
import { createGrowingCache } from '#worker-node/growing-cache.ts'
import { encodeKey } from './key-codec.ts'
import type { RepositoryContext } from './repository-context.ts'
import { isLid, isPhoneNumberJid, signalAddressOf } from './signal-address.ts'

type PeerSessions = Pick<SignalRepository, 'getSessionInfo' | 'validateSession' | 'deleteSession' | 'migrateSession'>

/** What libsignal's types leave out of a session. */
interface OpenSession {
  registrationId?: number
  indexInfo: { baseKey: Uint8Array }
}

const nothingMigrated = { migrated: 0, skipped: 0, total: 0 }

/** What Baileys asks about sessions, and their move from a phone number to the LID of the same contact. */
export function createPeerSessions({ store, locks, addressOf }: RepositoryContext): PeerSessions {
  /** Baileys asks for the move with nearly every message; once per contact and connection is enough. */
  const migratedUsers = createGrowingCache<true>(5_000)

  async function openSessionWith(jid: string): Promise<OpenSession | undefined> {
    const address = await addressOf(jid)
    // Not what is durable alone: a send that found no session would make a second one over the one that is being stored.
    const stored = (await store.latest('session', [address])).get(address)
    if (stored === undefined) return undefined
    const record = SessionRecord.deserialize(stored) as SessionRecord & { getOpenSession(): OpenSession | undefined }
    return record.haveOpenSession() ? record.getOpenSession() : undefined
  }

  /** The devices of a contact that may have a session under the phone number. */
  async function deviceJidsOf(user: string, server: string, jid: string): Promise<string[]> {
    const known = (await store.get('device-list', [user])).get(user) ?? []
    const devices = new Set([...known.map(Number), jidDecode(jid)?.device ?? 0])
    return [...devices].map((device) => jidEncode(user, server === 'hosted' ? 'hosted' : 's.whatsapp.net', device))
  }

  return {
    async getSessionInfo(jid) {
      const session = await openSessionWith(jid)
      if (session?.registrationId === undefined) return null
      return { baseKey: new Uint8Array(session.indexInfo.baseKey), registrationId: session.registrationId }
    },

    async validateSession(jid) {
      const session = await openSessionWith(jid)
      return session === undefined ? { exists: false, reason: 'no open session' } : { exists: true }
    },

    async deleteSession(jids) {
      const addresses = await Promise.all(jids.map(addressOf))
      if (addresses.length === 0) return
      const keys = addresses.map((id) => ({ type: 'session', id, value: null }))
      const { durable } = await locks.run(addresses, async () => ({ durable: store.commit({ keys }) }))
      await durable
    },

    async migrateSession(fromJid, toJid) {
      const { user, server } = jidDecode(fromJid) ?? {}
      if (!user || !server || !isPhoneNumberJid(fromJid) || !isLid(toJid)) return nothingMigrated
      if (migratedUsers.has(user)) return nothingMigrated

      const moves = (await deviceJidsOf(user, server, fromJid)).map((jid) => ({
        from: signalAddressOf(jid),
        to: signalAddressOf(transferDevice(jid, toJid)),
      }))
      const addresses = moves.flatMap(({ from, to }) => [from, to])
      const migrated = await locks.run(addresses, async () => {
        const sessions = await store.latest('session', addresses)
        const keys: KeyWrite[] = []
        for (const { from, to } of moves) {
          const session = sessions.get(from)
          if (session === undefined) continue
          // A session under the LID is the younger one: it stays.
          if (!sessions.has(to)) keys.push({ type: 'session', id: to, value: encodeKey('session', session) })
          keys.push({ type: 'session', id: from, value: null })
        }
        if (keys.length > 0) await store.commit({ keys })
        return keys.filter(({ value }) => value === null).length
      })
      migratedUsers.set(user, true)
      return { migrated, skipped: moves.length - migrated, total: moves.length }
    },
  }
}
