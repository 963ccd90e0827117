import { randomInt } from 'node:crypto'
import type { Store } from '#simulator/store/store.ts'
import { addressingOf, parseJid } from '#simulator/wire/jid.ts'
import type { Account, Device, DeviceRef } from './account.ts'

type StoredAccount = Omit<Account, 'devices'>
type StoredDevice = Omit<Device, 'account'>

/** Device 99 means "hosted" to clients, and a device number travels in one byte. */
const RESERVED_DEVICE_ID = 99
const MAX_DEVICE_ID = 255

/** All accounts and their linked devices: the server's directory. */
export class Accounts {
  readonly #store: Store
  readonly #byNumber = new Map<string, Account>()
  readonly #byLid = new Map<string, Account>()
  /** Pairs of numbers that have to hear of each other's device changes. */
  readonly #contacts = new Map<string, Set<string>>()

  constructor(store: Store) {
    this.#store = store
    for (const [, stored] of store.entries<StoredAccount>('account')) this.#index({ ...stored, devices: new Map() })
    for (const [key, stored] of store.entries<StoredDevice>('device')) {
      const account = this.#byNumber.get(key.split(':')[0] ?? '')
      account?.devices.set(stored.id, { ...stored, account })
    }
    for (const number of store.groups('contact/')) {
      for (const [other] of store.entries<true>(`contact/${number}`)) this.#contactsOf(number).add(other)
    }
  }

  all(): Account[] {
    return [...this.#byNumber.values()]
  }

  byNumber(number: string): Account | undefined {
    return this.#byNumber.get(number)
  }

  create(number: string, name: string): Account {
    const account: Account = {
      number,
      lid: this.#freeLid(),
      name,
      rawId: randomInt(1, 2 ** 31),
      nextDeviceId: 1,
      devices: new Map(),
    }
    this.#index(account)
    this.#save(account)
    return account
  }

  /** The account that a jid of either kind names. */
  resolve(jid: string | undefined): Account | undefined {
    return this.resolveDevice(jid)?.account
  }

  /** The account and device number that a jid names; the device need not exist (any more). */
  resolveDevice(jid: string | undefined): DeviceRef | undefined {
    const parsed = parseJid(jid)
    const addressing = parsed && addressingOf(parsed)
    if (!addressing) return undefined
    const account = (addressing === 'pn' ? this.#byNumber : this.#byLid).get(parsed.user)
    return account && { account, deviceId: parsed.device }
  }

  /** The numbers for the next linked device. @throws Error when the account has used up all device numbers */
  reserveDeviceId(account: Account): number {
    if (account.nextDeviceId === RESERVED_DEVICE_ID) account.nextDeviceId += 1
    if (account.nextDeviceId > MAX_DEVICE_ID) throw new Error(`+${account.number} has no device number left.`)
    const id = account.nextDeviceId
    account.nextDeviceId += 1
    this.#save(account)
    return id
  }

  addDevice(device: Device): void {
    device.account.devices.set(device.id, device)
    this.saveDevice(device)
  }

  saveDevice(device: Device): void {
    const { account, ...stored } = device
    this.#store.put('device', `${account.number}:${device.id}`, stored)
  }

  removeDevice(device: Device): void {
    device.account.devices.delete(device.id)
    this.#store.delete('device', `${device.account.number}:${device.id}`)
  }

  /** Remembers that two accounts deal with each other. */
  link(one: Account, other: Account): void {
    if (one === other || this.#contacts.get(one.number)?.has(other.number)) return
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      this.#contactsOf(from.number).add(to.number)
      this.#store.put(`contact/${from.number}`, to.number, true)
    }
  }

  contactsOf(account: Account): Account[] {
    return [...this.#contactsOf(account.number)].flatMap((number) => this.#byNumber.get(number) ?? [])
  }

  #contactsOf(number: string): Set<string> {
    let contacts = this.#contacts.get(number)
    if (!contacts) this.#contacts.set(number, (contacts = new Set()))
    return contacts
  }

  #index(account: Account): void {
    this.#byNumber.set(account.number, account)
    this.#byLid.set(account.lid, account)
  }

  #save(account: Account): void {
    const { devices: _, ...stored } = account
    this.#store.put('account', account.number, stored)
  }

  #freeLid(): string {
    for (;;) {
      const lid = `85${randomInt(10 ** 12, 10 ** 13)}`
      if (!this.#byLid.has(lid)) return lid
    }
  }
}
