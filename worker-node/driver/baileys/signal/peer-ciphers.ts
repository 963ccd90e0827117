import type { SignalRepository } from '@whiskeysockets/baileys'
import { SessionBuilder, SessionCipher, type SessionRecord, type SignalStorage } from 'libsignal'
import { bareKey } from '#worker-node/driver/baileys/curve/public-key.ts'
import { verifyXeddsa } from '#worker-node/driver/baileys/curve/verify-xeddsa.ts'
import { CarefulCipher } from './careful-cipher.ts'
import { commitEncryption, inTurnOfSend, isWithinSend } from './outbound-context.ts'
import { openRatchetStep, type RatchetStep } from './ratchet-step.ts'
import { decryptOnce, type RepositoryContext } from './repository-context.ts'
import { AccountAddress, type SignalAddress } from './signal-address.ts'

type PeerCiphers = Pick<SignalRepository, 'decryptMessage' | 'encryptMessage' | 'injectE2ESession'>

/** One-to-one encryption: every step of a ratchet is durable before its result leaves this file. */
export function createPeerCiphers(context: RepositoryContext): PeerCiphers {
  const { instanceId, store, credentials, locks, addressOf } = context

  function open(address: SignalAddress): RatchetStep & { remote: AccountAddress } {
    return { ...openRatchetStep(store, credentials, address), remote: new AccountAddress(instanceId, address) }
  }

  return {
    async decryptMessage({ jid, type, ciphertext }) {
      const address = await addressOf(jid)
      return decryptOnce(context, { ciphertext, encType: type, lock: address }, async () => {
        const { storage, writes, remote } = open(address)
        const cipher = new CarefulCipher(storage, remote)
        const plaintext =
          type === 'pkmsg'
            ? await cipher.decryptPreKeyWhisperMessage(ciphertext)
            : await cipher.decryptWhisperMessage(ciphertext)
        return { plaintext, writes }
      })
    },

    async encryptMessage({ jid, data }) {
      const address = await addressOf(jid)
      // Held until it is durable: with sends overlapping at one address, accounts that began to write to each other at the same
      // moment lost messages in one of thirty runs of `concurrency.int.test.ts`.
      const encrypt = async () => {
        const { storage, writes, remote } = open(address)
        const { type, body } = await new SessionCipher(storage, remote).encrypt(Buffer.from(data))
        await commitEncryption(store, writes)
        return { type: type === 3 ? ('pkmsg' as const) : ('msg' as const), ciphertext: Buffer.from(body, 'binary') }
      }
      return inTurnOfSend(locks, () => locks.run([address], encrypt))
    },

    async injectE2ESession({ jid, session }) {
      const { publicKey, signature } = session.signedPreKey
      // libsignal is called in a way that skips this check.
      if (!verifyXeddsa(session.identityKey, publicKey, signature)) {
        throw new Error('The signed pre-key of a device does not carry the signature of its identity key.')
      }
      const address = await addressOf(jid)
      await locks.run([address], async () => {
        const { storage, writes, remote } = open(address)
        // Whenever Baileys refreshes a device list while it sends, it makes new sessions with everybody on it.
        if (isWithinSend() && (await isSettledWith(storage, remote, session.identityKey))) return
        await new SessionBuilder(storage, remote).initOutgoing(withPreKey(session))
        await store.commit({ keys: writes })
      })
    },
  }
}

type Bundle = Parameters<SessionBuilder['initOutgoing']>[0]

/** libsignal's types ask for a one-time pre-key; the code works without one, which is what an empty shelf gives. */
function withPreKey(session: Omit<Bundle, 'preKey'> & { preKey?: Bundle['preKey'] }): Bundle {
  return session as Bundle
}

/** What libsignal's types leave out of a record. */
interface OpenRecord extends SessionRecord {
  getSessions(): unknown[]
  getOpenSession():
    { indexInfo: { remoteIdentityKey: Uint8Array; baseKeyType: number }; pendingPreKey?: object } | undefined
}

/** libsignal's `baseKeyType` of a session that we began. */
const begunByUs = 1

/**
 * One session, begun by us, answered, and with the device as it is today (after a new installation it has another
 * identity): both sides are then known to write in it. Anything less must give way to a new session: when two accounts
 * begin to write to each other at the same moment, each has a session that the other does not write in, and keeping it
 * lost messages for good (`concurrency.int.test.ts`, every second run).
 */
async function isSettledWith(storage: SignalStorage, remote: AccountAddress, identity: Uint8Array): Promise<boolean> {
  const record = (await storage.loadSession(remote.toString())) as OpenRecord | null | undefined
  const open = record?.getSessions().length === 1 ? record.getOpenSession() : undefined
  if (open?.indexInfo.baseKeyType !== begunByUs || open.pendingPreKey !== undefined) return false
  const [ours, theirs] = [bareKey(open.indexInfo.remoteIdentityKey), bareKey(identity)]
  return ours !== undefined && theirs !== undefined && Buffer.compare(ours, theirs) === 0
}
