import { SessionCipher } from 'libsignal'

/** What libsignal's types leave out: its session entries, and the method that tries a ciphertext on each of them. */
interface SessionEntry {
  serialize(): object
  constructor: { deserialize(serialized: object): SessionEntry }
}
interface TryingCipher extends SessionCipher {
  decryptWithSessions(ciphertext: Buffer, sessions: SessionEntry[]): Promise<unknown>
}
const TryingCipher = SessionCipher as unknown as new (
  ...args: ConstructorParameters<typeof SessionCipher>
) => TryingCipher

/**
 * libsignal tries a ciphertext on every session of a record, the last used one first, and steps a session's ratchet before
 * the MAC shows that it was the wrong one; the steps are stored with the session that fitted. A straggler of an older
 * session so spoiled the current one, and nothing that was sent in it afterwards could be read. Here a session that did
 * not fit stays as it was.
 */
export class CarefulCipher extends TryingCipher {
  override async decryptWithSessions(ciphertext: Buffer, sessions: SessionEntry[]): Promise<unknown> {
    // Of one alone nothing is stored when it does not fit.
    if (sessions.length < 2) return super.decryptWithSessions(ciphertext, sessions)
    let failure: unknown
    for (const session of sessions) {
      const before = session.serialize()
      try {
        return await super.decryptWithSessions(ciphertext, [session])
      } catch (error) {
        Object.assign(session, session.constructor.deserialize(before))
        failure = error
      }
    }
    throw failure
  }
}
