import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import type { Receipt } from '#core/ports/outbox.ts'

/** What waits for a linked device until it has taken it. */
export type FakeItem =
  | { kind: 'message'; id: string; stanza: Record<string, string>; body: string; nonce: number }
  | { kind: 'receipt'; receipt: Receipt }

export interface FakeDevice {
  deviceId: number
  waiting: FakeItem[]
  /** Set while the device is connected: called when something waits. */
  wake: (() => unknown) | undefined
}

export interface FakeAccount {
  /** E.164. */
  phoneNumber: string
  devices: Map<number, FakeDevice>
  /** What the phone shows, each (chat, id) once. */
  shown: { chat: string; id: string; body: string; fromMe: boolean; read: boolean }[]
}

type SendPlan = number | 'lose-ack'

/** WhatsApp's server and its phones for the fake driver: plain text in memory. */
export interface FakeNetwork {
  account(phoneNumber: string): FakeAccount | undefined
  makeAccount(): FakeAccount
  /** Links a new device. */
  link(account: FakeAccount): FakeDevice
  /** From a phone (no device) or one of its linked devices to another account. */
  deliver(
    from: FakeAccount,
    device: FakeDevice | undefined,
    to: FakeAccount,
    message: { id?: string; body: string },
  ): string
  markRead(reader: FakeAccount, chat: string): void
  /** True while a device has not taken the message. */
  isWaiting(id: string): boolean
  /** What happens to the next message of the number: refused with a code, or delivered without an ack. */
  planNextSend(phoneNumber: string, plan: SendPlan): void
  takePlan(phoneNumber: string): SendPlan | undefined
  /** Resolves when the condition holds; it is looked at after everything that happens. */
  until(condition: () => boolean): Promise<void>
  /** To be called by whoever changes something. */
  changed(): void
}

export function createFakeNetwork(): FakeNetwork {
  const accounts = new Map<string, FakeAccount>()
  const plans = new Map<string, SendPlan>()
  const waiters = new Set<() => void>()
  let nextNumber = 5_511_990_000_001
  let nonce = 0

  function changed(): void {
    for (const look of waiters) look()
  }

  function push(device: FakeDevice, item: FakeItem): void {
    device.waiting.push(item)
    device.wake?.()
  }

  /** True when the phone did not show it before. */
  function show(account: FakeAccount, chat: string, id: string, body: string, fromMe: boolean): boolean {
    const known = account.shown.some((message) => message.chat === chat && message.id === id)
    if (!known) account.shown.push({ chat, id, body, fromMe, read: fromMe })
    return !known
  }

  function tellSender(sender: FakeAccount, receipt: Receipt): void {
    for (const device of sender.devices.values()) push(device, { kind: 'receipt', receipt })
  }

  return {
    changed,
    account: (phoneNumber) => accounts.get(phoneNumber),

    makeAccount() {
      const account: FakeAccount = { phoneNumber: `+${nextNumber++}`, devices: new Map(), shown: [] }
      accounts.set(account.phoneNumber, account)
      return account
    },

    link(account) {
      const device: FakeDevice = { deviceId: account.devices.size + 1, waiting: [], wake: undefined }
      account.devices.set(device.deviceId, device)
      return device
    },

    deliver(from, device, to, { id = newWaMessageId(), body }) {
      nonce++
      const sender = jidOf(from)
      for (const recipient of to.devices.values()) {
        push(recipient, { kind: 'message', id, body, nonce, stanza: { id, from: sender } })
      }
      for (const own of from.devices.values()) {
        if (own === device) continue
        const stanza = { id, from: sender, recipient: jidOf(to), self: 'true' }
        push(own, { kind: 'message', id, body, nonce, stanza })
      }
      show(from, to.phoneNumber, id, body, true)
      if (show(to, from.phoneNumber, id, body, false)) tellSender(from, { waMessageIds: [id], status: 'delivered' })
      changed()
      return id
    },

    markRead(reader, chat) {
      const unread = reader.shown.filter((message) => message.chat === chat && !message.read)
      for (const message of unread) message.read = true
      const sender = accounts.get(chat)
      if (sender === undefined || unread.length === 0) return
      tellSender(sender, { waMessageIds: unread.map(({ id }) => id), status: 'read' })
      changed()
    },

    isWaiting: (id) =>
      [...accounts.values()]
        .flatMap(({ devices }) => [...devices.values()])
        .some(({ waiting }) => waiting.some((item) => item.kind === 'message' && item.id === id)),

    planNextSend: (phoneNumber, plan) => void plans.set(phoneNumber, plan),

    takePlan(phoneNumber) {
      const plan = plans.get(phoneNumber)
      plans.delete(phoneNumber)
      return plan
    },

    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition()) return
          waiters.delete(look)
          resolve()
        }
        waiters.add(look)
        look()
      }),
  }
}

function jidOf({ phoneNumber }: FakeAccount): string {
  return `${phoneNumber.slice(1)}@s.whatsapp.net`
}
