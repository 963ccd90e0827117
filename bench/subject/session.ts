import type { Account, SubjectSettings } from './subject-calls.ts'

/** One account in the measured process, whatever holds it. */
export interface Session {
  /** Links the phone that `scan` shows the QR code to, and logs in. */
  pair(scan: (qr: string) => Promise<void>): Promise<void>
  /** Logs in with what is stored. */
  open(): Promise<void>
  /** Makes ready to send one text to each number. Each send resolves by the server's ack. */
  prepare(to: readonly string[]): Promise<(() => Promise<void>)[]>
  /** Resolves with the next message that arrives. */
  nextMessage(): Promise<void>
  /** Closes, and stores what a restart needs. */
  close(): Promise<void>
}

/** What is compared: raw Baileys, or the driver. */
export interface Variant {
  session(account: Account): Session
  close(): Promise<void>
}

export type OpenVariant = (settings: SubjectSettings) => Variant
