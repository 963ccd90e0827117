import type { InstanceId } from '#contracts/ids.ts'
import type { InboundContent } from '#contracts/message-content.ts'

/** A journaled plaintext that is not yet a message. */
export interface JournalRow {
  instanceId: InstanceId
  seq: number
  waMessageId: string | null
  stanza: Record<string, string>
  plaintext: Uint8Array
}

/** As the projector reads it. */
export interface UnprojectedRow extends JournalRow {
  /** When it became durable, by the database's clock. */
  receivedAt: Date
}

/** What a journaled row turned out to be: a message of a chat, or nothing to show (key distribution, sync). */
export interface ProjectedMessage {
  waMessageId: string
  /** E.164 where the stanza told the number, else WhatsApp's address. */
  chat: string
  /** `self` when another device of the own account wrote it. */
  sender: string
  /** Null when it could not be decrypted. */
  content: InboundContent | null
  /** Phone numbers (E.164) behind anonymous addresses (`...@lid`), as the stanza told them. */
  numbers?: ReadonlyMap<string, string>
  /** These numbers were stored by an earlier call: nothing is learned or moved, which costs less. */
  numbersStored?: boolean
}

/** A journal row and what it holds; nothing is shown for it when `message` is undefined, and it is only marked. */
export interface Projection {
  row: Pick<JournalRow, 'instanceId' | 'seq'>
  message: ProjectedMessage | undefined
}

/** How old a row must be before anybody projects it whose instance nobody owns, in milliseconds. */
export const orphanedAfterMs = 5_000

/** Turns journal rows into messages, events and deliveries. Idempotent, so any process may do it. */
export interface Inbound {
  /** Oldest first. */
  unprojected(instanceIds: readonly InstanceId[], limit: number): Promise<UnprojectedRow[]>
  /** Rows older than `orphanedAfterMs` of instances that no live worker run owns, oldest first. */
  orphansAcrossCustomers(limit: number): Promise<UnprojectedRow[]>
  /**
   * In one transaction, under the mark on the journal row, so that a row takes effect once however many project it:
   * - the numbers are remembered, and what stands under such an address moves to its number;
   * - a message becomes a row (unless that chat, sender and id exist) with event `message.received`, or `message.sent`
   *   for `self`; when the customer was told that it could not be decrypted, it has the id that was told then, and
   *   `message.undecryptable` follows with `resolved: true`;
   * - one that could not be decrypted is told by `message.undecryptable`, once, and not when it is known already.
   * True when a message, or an undecryptable one, was new.
   */
  project(row: Projection['row'], message: ProjectedMessage | undefined): Promise<boolean>
  /**
   * The same for many rows, in the order given, in as few transactions as it takes: what each would have returned. When it
   * rejects, the first of them may be projected all the same.
   */
  projectAll(projections: readonly Projection[]): Promise<boolean[]>
  /** Marks a row that this version cannot decode; its bytes stay, and another version can look again. */
  setAside(row: Projection['row'], version: string): Promise<void>
  /** Lets rows be projected again that another version set aside, at most `limit`; returns how many. */
  retrySetAsideAcrossCustomers(version: string, limit: number): Promise<number>
}
