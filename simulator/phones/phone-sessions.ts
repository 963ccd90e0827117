import type { DeviceRef } from '#simulator/accounts/account.ts'
import { deviceKey } from '#simulator/accounts/account.ts'
import { decryptWith, encryptWith, withNewSession } from '#simulator/signal/session-record.ts'
import type { CiphertextType, SessionRecord } from '#simulator/signal/session-record.ts'
import type { PreKeyBundle } from '#simulator/signal/session.ts'
import type { Store } from '#simulator/store/store.ts'
import type { PhoneKeys } from './phone-keys.ts'

/** A phone's Signal sessions, one record per device that it talks to; each change is written through. */
export class PhoneSessions {
  readonly #store: Store
  readonly #keys: PhoneKeys
  readonly #group: string
  readonly #records = new Map<string, SessionRecord>()

  constructor(store: Store, number: string, keys: PhoneKeys) {
    this.#store = store
    this.#keys = keys
    this.#group = `session/${number}`
    for (const [key, record] of store.entries<SessionRecord>(this.#group)) this.#records.set(key, record)
  }

  has(device: DeviceRef): boolean {
    return this.#records.has(deviceKey(device))
  }

  registrationIdOf(device: DeviceRef): number | undefined {
    return this.#records.get(deviceKey(device))?.sessions[0]?.remoteRegistrationId
  }

  begin(device: DeviceRef, bundle: PreKeyBundle): void {
    const key = deviceKey(device)
    this.#save(key, withNewSession(this.#records.get(key), this.#keys.identity, bundle))
  }

  forget(device: DeviceRef): void {
    const key = deviceKey(device)
    if (this.#records.delete(key)) this.#store.delete(this.#group, key)
  }

  /** @throws Error without a session */
  encrypt(device: DeviceRef, plaintext: Uint8Array): { type: CiphertextType; ciphertext: Buffer } {
    const key = deviceKey(device)
    const { type, ciphertext, record } = encryptWith(this.#records.get(key) ?? { sessions: [] }, this.#keys, plaintext)
    this.#save(key, record)
    return { type, ciphertext }
  }

  /**
   * Decrypts; nothing changes when it fails.
   * @param expectedIdentity the identity key that a pkmsg of this device has to show
   * @throws DuplicateCiphertextError, Error
   */
  decrypt(device: DeviceRef, type: CiphertextType, ciphertext: Buffer, expectedIdentity: Buffer | undefined): Buffer {
    const key = deviceKey(device)
    const decrypted = decryptWith(this.#records.get(key), this.#keys, type, ciphertext)
    if (decrypted.identityKey && !expectedIdentity?.equals(decrypted.identityKey)) {
      throw new Error(`The identity key is not the one of ${key}.`)
    }
    if (decrypted.usedPreKeyId !== undefined) this.#keys.usePreKey(decrypted.usedPreKeyId)
    this.#save(key, decrypted.record)
    return decrypted.plaintext
  }

  #save(key: string, record: SessionRecord): void {
    this.#records.set(key, record)
    this.#store.put(this.#group, key, record)
  }
}
