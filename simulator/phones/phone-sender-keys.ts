import type { DeviceRef } from '#simulator/accounts/account.ts'
import { deviceKey } from '#simulator/accounts/account.ts'
import { distributionOf, encryptWithSenderKey, newSenderKey } from '#simulator/signal/sender-key.ts'
import type { SenderKey } from '#simulator/signal/sender-key.ts'
import type { Store } from '#simulator/store/store.ts'

interface GroupKey {
  key: SenderKey
  /** The devices that were told it. */
  told: string[]
}

/** A phone's sender keys, one per group that it writes to, made when first needed; each change is written through. */
export class PhoneSenderKeys {
  readonly #store: Store
  readonly #group: string
  readonly #keys = new Map<string, GroupKey>()

  constructor(store: Store, number: string) {
    this.#store = store
    this.#group = `sender-key/${number}`
    for (const [group, key] of store.entries<GroupKey>(this.#group)) this.#keys.set(group, key)
  }

  /** What tells the key as it is for the next message: an encoded SenderKeyDistributionMessage. */
  distribution(group: string): Buffer {
    return distributionOf(this.#of(group).key)
  }

  isTold(group: string, device: DeviceRef): boolean {
    return this.#of(group).told.includes(deviceKey(device))
  }

  noteTold(group: string, device: DeviceRef): void {
    const { key, told } = this.#of(group)
    this.#save(group, { key, told: [...told, deviceKey(device)] })
  }

  encrypt(group: string, plaintext: Uint8Array): Buffer {
    const { key, told } = this.#of(group)
    const { ciphertext, key: next } = encryptWithSenderKey(key, plaintext)
    this.#save(group, { key: next, told })
    return ciphertext
  }

  #of(group: string): GroupKey {
    return this.#keys.get(group) ?? this.#save(group, { key: newSenderKey(), told: [] })
  }

  #save(group: string, key: GroupKey): GroupKey {
    this.#keys.set(group, key)
    this.#store.put(this.#group, group, key)
    return key
  }
}
