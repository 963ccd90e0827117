import type { InstanceId } from '#contracts/ids.ts'
import type { OutboundContent } from '#contracts/message-content.ts'
import type { Clock } from '#core/ports/clock.ts'
import type { SessionKeys } from '#core/ports/session-keys.ts'
import type { Log } from '#worker-node/log.ts'
import type { Endpoint } from './socket.ts'

export interface BaileysDriverOptions {
  keys: SessionKeys
  /** What was sent under this id, for retry receipts: from the database, so that they survive a failover. */
  findSent: (instanceId: InstanceId, waMessageId: string) => Promise<OutboundContent | undefined>
  log: Log
  /**
   * A simulator instead of WhatsApp. Passed only by tests and the entry files of the local stack: absent is WhatsApp itself
   * under WhatsApp's own trust anchor.
   */
  endpoint?: Endpoint | undefined
  /** The database's time; the machine's own unless told. */
  clock?: Clock | undefined
  /** For tests; absent figures are the defaults below. */
  timings?: Partial<DriverTimings> | undefined
}

/** In milliseconds. */
export interface DriverTimings {
  /** A ping this often; Baileys gives a server up that is silent for one interval and 5 s. */
  keepAliveMs: number
  /** Without a first frame for this long there is no connection. */
  connectMs: number
  /** Without any frame for this long a connection is dead, in whatever state it is. */
  silenceMs: number
  /** Without the server's ack for this long a message is `unconfirmed`. */
  ackTimeoutMs: number
  /** For an answer to anything that is asked. */
  queryTimeoutMs: number
  /** WhatsApp's own lifetimes of QR codes. */
  firstQrMs: number
  laterQrMs: number
}

export const defaultTimings: DriverTimings = {
  keepAliveMs: 15_000,
  connectMs: 20_000,
  silenceMs: 45_000,
  ackTimeoutMs: 20_000,
  queryTimeoutMs: 20_000,
  firstQrMs: 60_000,
  laterQrMs: 20_000,
}
