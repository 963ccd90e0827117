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

/** What a journaled plaintext turned out to be: a message of a chat, or nothing to show (key distribution, sync). */
export interface ProjectedMessage {
  waMessageId: string
  chat: string
  /** `self` when another device of the own account wrote it. */
  sender: string
  content: InboundContent
}

/** Turns journal rows into messages, events and deliveries. Idempotent, so any process may do it. */
export interface Inbound {
  /** Oldest first. */
  unprojected(instanceIds: readonly InstanceId[], limit: number): Promise<UnprojectedRow[]>
  /**
   * In one transaction: the message (unless that chat, sender and id exist), event `message.received` with its
   * deliveries, and the mark on the journal row. True when a message was new.
   */
  project(row: Pick<JournalRow, 'instanceId' | 'seq'>, message: ProjectedMessage | undefined): Promise<boolean>
}
