import type { CloseCause, Driver } from '#core/ports/driver.ts'
import type { SessionKeys } from '#core/ports/session-keys.ts'
import { openFakeConnection, type FakeConnection } from './fake-connection.ts'
import { createFakeNetwork, type FakeAccount } from './fake-network.ts'

/** A phone of the fake WhatsApp; numbers are E.164. */
export interface FakePhone {
  phoneNumber: string
  /** Links the device that shows this QR code. Throws when none does. */
  scan(qr: string): Promise<void>
  enterCode(code: string): Promise<void>
  sendText(to: string, body: string): Promise<{ id: string }>
  /** Resolves when every linked device of the recipient has taken it. */
  delivered(id: string): Promise<void>
  shown(chat: string): { id: string; body: string; fromMe: boolean }[]
  waitForShown(id: string): Promise<void>
  markRead(chat: string): Promise<void>
  unlinkAll(): Promise<void>
}

/** The driver's port without WhatsApp: texts in memory, no encryption, the same promises (one conformance suite). */
export interface FakeWhatsApp {
  driver: Driver
  makePhone(): FakePhone
  /** Ends the account's connections as WhatsApp would. */
  disconnect(phone: Pick<FakePhone, 'phoneNumber'>, kind: CloseCause['kind']): void
  /** The account's next message takes effect, and its connection ends before the ack. */
  loseNextAck(phone: Pick<FakePhone, 'phoneNumber'>): void
  /** The account's next message is refused with this code and goes nowhere. */
  refuseNext(phone: Pick<FakePhone, 'phoneNumber'>, code: number): void
}

export function createFakeWhatsApp(keys: SessionKeys): FakeWhatsApp {
  const network = createFakeNetwork()
  const connections = new Set<FakeConnection>()

  function connectionsOf(account: FakeAccount): FakeConnection[] {
    return [...connections].filter((connection) => connection.account === account)
  }

  function linkWith(account: FakeAccount, shows: (connection: FakeConnection) => boolean): Promise<void> {
    const waiting = [...connections].find(shows)
    if (waiting === undefined) throw new Error('No device shows this.')
    return waiting.link(account)
  }

  function phoneOf(account: FakeAccount): FakePhone {
    const { phoneNumber } = account
    return {
      phoneNumber,
      scan: async (qr) => linkWith(account, (connection) => connection.qr === qr),
      enterCode: async (code) =>
        linkWith(account, ({ linkCode }) => linkCode?.code === code && linkCode.phoneNumber === phoneNumber),
      async sendText(to, body) {
        const recipient = network.account(to)
        if (recipient === undefined) throw new Error(`${to} is not on WhatsApp.`)
        return { id: network.deliver(account, undefined, recipient, { body }) }
      },
      delivered: (id) => network.until(() => !network.isWaiting(id)),
      shown: (chat) => account.shown.filter((message) => message.chat === chat),
      waitForShown: (id) => network.until(() => account.shown.some((message) => message.id === id)),
      markRead: async (chat) => network.markRead(account, chat),
      async unlinkAll() {
        account.devices.clear()
        for (const connection of connectionsOf(account)) connection.end('logged-out')
      },
    }
  }

  return {
    driver: {
      open(session, listener) {
        const connection = openFakeConnection(
          { keys, network, session, onEnded: (it) => connections.delete(it) },
          listener,
        )
        connections.add(connection)
        return connection
      },
    },
    makePhone: () => phoneOf(network.makeAccount()),
    disconnect({ phoneNumber }, kind) {
      const account = network.account(phoneNumber)
      for (const connection of account === undefined ? [] : connectionsOf(account)) connection.end(kind)
    },
    loseNextAck({ phoneNumber }) {
      network.planNextSend(phoneNumber, 'lose-ack')
    },
    refuseNext({ phoneNumber }, code) {
      network.planNextSend(phoneNumber, code)
    },
  }
}
