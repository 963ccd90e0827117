import type { InstanceId, MessageId } from '#contracts/ids.ts'
import type { Fence } from './session-leases.ts'

/** Credentials or a key that are stored but cannot be read: wrong key ring, changed bytes, a row of another instance. */
export class CredentialsCorrupt extends Error {
  constructor(instanceId: InstanceId, what: string, options?: ErrorOptions) {
    super(`The stored ${what} of ${instanceId} cannot be read.`, options)
    this.name = 'CredentialsCorrupt'
  }
}

/**
 * A change that cannot be stored for what it holds, whatever the database's state: nothing of it was written. Others that
 * were to be written with it can be.
 */
export class ChangeRefused extends Error {
  constructor(instanceId: InstanceId, options?: ErrorOptions) {
    super(`A change of the session of ${instanceId} cannot be stored.`, options)
    this.name = 'ChangeRefused'
  }
}

/** One Signal key of a session. `null` deletes it. */
export interface KeyWrite {
  type: string
  id: string
  value: Uint8Array | null
  /** Keep the stored value if there is one: an uploaded private pre-key must never be overwritten. */
  insertOnly?: boolean
}

/** A plaintext on its way to the projector, kept from the moment its ratchet step is durable. */
export interface JournalEntry {
  /** SHA-256 of the ciphertext. */
  ciphertextHash: Uint8Array
  waMessageId: string | null
  /** Attributes of the stanza around it, as strings. */
  stanza: Record<string, string>
  plaintext: Uint8Array
}

/** What one ratchet step changes; all of it or nothing. */
export interface SessionChange {
  credentials?: Uint8Array
  keys?: readonly KeyWrite[]
  journal?: readonly JournalEntry[]
  /** Outbound messages whose ciphertext this step made: those that may still leave become `sending`, one attempt more. */
  sending?: readonly MessageId[]
}

/** Credentials, Signal keys and the journal of sessions, encrypted at rest per instance. */
export interface SessionKeys {
  /** Undefined when the instance was never paired or was logged out. Throws CredentialsCorrupt. */
  loadCredentials(instanceId: InstanceId): Promise<Uint8Array | undefined>
  /** Missing ids are missing in the map. Throws CredentialsCorrupt. */
  get(instanceId: InstanceId, type: string, ids: readonly string[]): Promise<Map<string, Uint8Array>>
  /**
   * Writes everything in one transaction under the fence. Returns those of `sending` that became it: one that was cancelled
   * or has expired since it was read is missing, and must not leave. Throws FencedOut, ChangeRefused.
   */
  commit(fence: Fence, change: SessionChange): Promise<MessageId[]>
  /** The plaintext that this ciphertext was decrypted to before; undefined when it is new. */
  findJournaled(instanceId: InstanceId, ciphertextHash: Uint8Array): Promise<Uint8Array | undefined>
  /** Forgets credentials and keys (log-out). The journal stays. Throws FencedOut. */
  erase(fence: Fence): Promise<void>
}
