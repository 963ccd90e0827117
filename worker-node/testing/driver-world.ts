import type { InstanceId, MessageId } from '#contracts/ids.ts'
import type { Driver } from '#core/ports/driver.ts'
import type { JournalRow } from '#core/ports/inbound.ts'
import type { Fence } from '#core/ports/session-leases.ts'

/** An instance that this test's worker owns. */
export interface TestSession {
  instanceId: InstanceId
  fence: Fence
}

/** A phone with a WhatsApp account, whatever stands in for WhatsApp. */
export interface TestPhone {
  /** E.164. */
  phoneNumber: string
  scan(qr: string): Promise<unknown>
  enterCode(code: string): Promise<unknown>
  /** To an E.164 number. Resolves when WhatsApp's server has it. */
  sendText(to: string, body: string): Promise<{ id: string }>
  /** Resolves when every linked device of the recipient confirmed it. */
  delivered(id: string): Promise<unknown>
  /** What it shows of the chat with a number, oldest first, each id once. */
  shown(chat: string): { id: string; body: string; fromMe: boolean }[]
  waitForShown(id: string): Promise<unknown>
  /** Reads everything of that chat, with read receipts. */
  markRead(chat: string): Promise<unknown>
  /** Takes all linked devices off its list. */
  unlinkAll(): Promise<unknown>
}

/** What WhatsApp can do to a connection of an account by itself. */
export type Disconnection = 'drop' | '503' | 'replaced'

/** A driver together with the WhatsApp that it talks to and the keys that it writes. */
export interface DriverWorld {
  driver: Driver
  newSession(): Promise<TestSession>
  /** Another worker takes the session over: the fence of this one no longer holds. */
  takeOver(session: TestSession): void
  /** Bytes that nobody can read, in place of the stored credentials. */
  corruptCredentials(session: TestSession): void
  journal(session: TestSession): JournalRow[]
  /** A queued message of the instance. */
  queueMessage(session: TestSession): Promise<MessageId>
  messageState(id: MessageId): { status: string; attempts: number } | undefined
  makePhone(): Promise<TestPhone>
  disconnect(phone: TestPhone, how: Disconnection): void
  /** The account's next message takes effect, and its connection is cut before the ack. */
  loseNextAck(phone: TestPhone): void
  /** The account's next message is refused with this code and goes nowhere. */
  refuseNext(phone: TestPhone, code: number): void
  stop(): Promise<void>
}
