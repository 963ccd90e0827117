import type { Group, LinkedDevice, Phone, PhoneBehaviour, PhoneCounters, ScanOptions } from '#simulator/api.ts'
import type { SentStatus, ShownMessage } from '#simulator/api.ts'
import { accountJid } from '#simulator/accounts/account.ts'
import type { Account, Device, DeviceRef } from '#simulator/accounts/account.ts'
import { routeReceipt } from '#simulator/server/route-receipt.ts'
import { removeCompanion } from '#simulator/server/remove-companion.ts'
import type { PhoneEndpoint, World } from '#simulator/server/world.ts'
import type { PreKeyBundle } from '#simulator/signal/session.ts'
import { addressingOf, isGroupJid, parseJid } from '#simulator/wire/jid.ts'
import { makeNode, unixSeconds } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import { ChatLog } from './chat-log.ts'
import { enterPairingCode } from './enter-code.ts'
import { mailToGroup } from './group-mail.ts'
import { PhoneKeys } from './phone-keys.ts'
import { mailGreeting, mailText, newMessageId } from './phone-mail.ts'
import { PhoneSenderKeys } from './phone-sender-keys.ts'
import { PhoneSessions } from './phone-sessions.ts'
import { receiveAtPhone } from './receive-at-phone.ts'
import { refreshRegistration, scanQr } from './scan-qr.ts'
import { SentLog } from './sent-log.ts'

const WAIT_TIMEOUT_MS = 10_000

/** Device 0 of an account. The server sees it as a `PhoneEndpoint`, tests see it as a `Phone`. */
export class VirtualPhone implements Phone, PhoneEndpoint {
  readonly phoneNumber: string
  readonly jid: string
  readonly lid: string
  readonly behaviour: PhoneBehaviour = { deliveredReceipts: true, readReceipts: false, autoReply: undefined }
  readonly world: World
  readonly account: Account
  readonly keys: PhoneKeys
  readonly sessions: PhoneSessions
  readonly senderKeys: PhoneSenderKeys
  readonly chats: ChatLog
  readonly sent: SentLog
  readonly tally: PhoneCounters = { rawStanzas: 0, undecryptable: 0, duplicates: 0, retriesServed: 0 }

  constructor(world: World, account: Account) {
    this.world = world
    this.account = account
    this.phoneNumber = `+${account.number}`
    this.jid = accountJid(account, 'pn')
    this.lid = accountJid(account, 'lid')
    this.keys = new PhoneKeys(world.store, account.number)
    this.sessions = new PhoneSessions(world.store, account.number, this.keys)
    this.senderKeys = new PhoneSenderKeys(world.store, account.number)
    this.chats = new ChatLog(world.store, account.number)
    this.sent = new SentLog(world.store, account.number)
  }

  get name(): string {
    return this.account.name
  }

  get identityKey(): Buffer {
    return this.keys.identity.publicKey
  }

  bundle(): PreKeyBundle {
    return this.keys.bundle()
  }

  receive(stanza: BinaryNode): void {
    receiveAtPhone(this, stanza)
  }

  greet(device: Device): void {
    mailGreeting(this, device)
    device.greeted = true
    this.world.accounts.saveDevice(device)
  }

  forgetDevice(ref: DeviceRef): void {
    this.sessions.forget(ref)
  }

  devices(): LinkedDevice[] {
    return [...this.account.devices.values()].map(describe)
  }

  async scan(qrText: string, options: ScanOptions = {}): Promise<LinkedDevice> {
    if (options.refreshFirst) await refreshRegistration(this.world, qrText)
    const device = await scanQr(this.world, this.account, this.keys.identity, qrText)
    await this.world.outgoing.settled()
    return describe(device)
  }

  async enterCode(code: string): Promise<LinkedDevice> {
    const device = await enterPairingCode(this.world, this.account, this.keys.identity, code)
    await this.world.outgoing.settled()
    return describe(device)
  }

  async sendText(to: string, body: string, options: { id?: string | undefined } = {}): Promise<{ id: string }> {
    const jid = this.#jidOf(to)
    const recipient = this.world.accounts.resolve(jid)
    const parsed = parseJid(jid)
    if (!recipient || !parsed) throw new Error(`${to} is not on WhatsApp.`)
    const id = options.id ?? newMessageId()
    this.#showOwn(accountJid(recipient, 'pn'), id, body)
    mailText(this, { id, recipient, addressing: addressingOf(parsed) ?? 'pn', body })
    await this.world.outgoing.settled()
    return { id }
  }

  async sendGroupText(
    { jid, members }: Group,
    body: string,
    options: { id?: string | undefined } = {},
  ): Promise<{ id: string }> {
    if (!isGroupJid(jid)) throw new Error(`${jid} is not the jid of a group.`)
    const accounts = members.map((member) => {
      const account = this.world.accounts.resolve(this.#jidOf(member))
      if (!account) throw new Error(`${member} is not on WhatsApp.`)
      return account
    })
    const id = options.id ?? newMessageId()
    this.#showOwn(jid, id, body)
    mailToGroup(this, { id, group: jid, members: accounts, body })
    await this.world.outgoing.settled()
    return { id }
  }

  async markRead(chat: string): Promise<void> {
    const jid = this.#jidOf(chat)
    const account = this.world.accounts.resolve(jid)
    const parsed = parseJid(jid)
    if (!account || !parsed) throw new Error(`${chat} is not on WhatsApp.`)
    const chatJid = accountJid(account, 'pn')
    const unread = this.chats.unread(chatJid)
    const [first, ...rest] = unread
    if (!first) return
    for (const message of unread) this.chats.update(message, { read: true })
    const items = rest.map(({ id }) => makeNode('item', { id }))
    const content = items.length > 0 ? [makeNode('list', {}, items)] : undefined
    const self = { account: this.account, deviceId: 0 }
    const to = accountJid(account, addressingOf(parsed) ?? 'pn')
    routeReceipt(this.world, self, makeNode('receipt', { id: first.id, to, type: 'read' }, content))
    const t = unixSeconds(this.world.nowMs())
    const own = makeNode('receipt', { from: this.jid, recipient: chatJid, id: first.id, type: 'read-self', t }, content)
    for (const device of this.account.devices.values()) this.world.queue.push(device, this.account, own)
    await this.world.outgoing.settled()
  }

  shown(chat?: string): ShownMessage[] {
    const account = chat === undefined ? undefined : this.world.accounts.resolve(this.#jidOf(chat))
    return this.chats.all(account ? accountJid(account, 'pn') : chat)
  }

  async waitForMessage(match: (message: ShownMessage) => boolean, timeoutMs = WAIT_TIMEOUT_MS): Promise<ShownMessage> {
    return await this.chats.waitFor(match, timeoutMs, `A message to ${this.phoneNumber}`)
  }

  sentStatus(id: string): SentStatus | undefined {
    return this.sent.statusOf(id)
  }

  async waitForStatus(
    id: string,
    match: (status: SentStatus) => boolean,
    timeoutMs = WAIT_TIMEOUT_MS,
  ): Promise<SentStatus> {
    const find = (): SentStatus | undefined => {
      const status = this.sent.statusOf(id)
      return status && match(status) ? status : undefined
    }
    return await this.sent.changed.waitFor(find, timeoutMs, `The awaited status of ${id}`)
  }

  counters(): PhoneCounters {
    return { ...this.tally }
  }

  async removeDevice(deviceId: number): Promise<void> {
    const device = this.account.devices.get(deviceId)
    if (!device) throw new Error(`${this.phoneNumber} has no linked device ${deviceId}.`)
    removeCompanion(this.world, device)
    await this.world.outgoing.settled()
  }

  /** Displays what the phone itself writes; once, however often it is sent under this id. */
  #showOwn(chat: string, id: string, body: string): void {
    const message = { chat, sender: this.jid, id }
    if (this.chats.find(message)) return
    const origin = { senderDevice: 0, fromMe: true, body, timestampMs: this.world.nowMs() }
    this.chats.show({ ...message, ...origin, rawStanzas: 0, read: true })
  }

  /** Whatever people write for a recipient: E.164, bare digits, or a jid of either kind. */
  #jidOf(to: string): string {
    return to.includes('@') ? to : `${to.replace(/\D/g, '')}@s.whatsapp.net`
  }
}

function describe(device: Device): LinkedDevice {
  return {
    deviceId: device.id,
    keyIndex: device.keyIndex,
    jid: accountJid(device.account, 'pn', device.id),
    lid: accountJid(device.account, 'lid', device.id),
    platform: device.platform,
    linkedAtMs: device.linkedAtMs,
  }
}
