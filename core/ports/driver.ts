import type { InstanceId, MessageId } from '#contracts/ids.ts'
import type { OutboundContent } from '#contracts/message-content.ts'
import type { Receipt } from './outbox.ts'
import type { Fence } from './session-leases.ts'

/** The WhatsApp account behind a session. */
export interface Account {
  /** E.164. */
  phoneNumber: string
  lid: string | null
}

/** Why a connection ended. The host decides by `kind` alone what comes next (core/rules/disconnect-policy.ts). */
export interface CloseCause {
  kind:
    | 'closed-by-us'
    | 'restart-required'
    | 'connection-lost'
    | 'unavailable'
    | 'qr-expired'
    | 'pairing-failed'
    | 'logged-out'
    | 'replaced'
    | 'temporary-ban'
    | 'client-outdated'
    | 'repair-required'
    | 'passkey-required'
    | 'credentials-corrupt'
    | 'fenced-out'
    | 'internal-error'
  /** WhatsApp's code where there was one. */
  code: number | null
  /** For logs; holds no secret. */
  detail: string
  /** End of a temporary ban, when WhatsApp told it. */
  until?: Date
}

/** What a connection tells. Calls come in order; after `onClosed`, which comes exactly once, none follow. */
export interface ConnectionListener {
  /** Not paired yet: this text, as a QR code, links a phone until `expiresAt`. */
  onQr(qr: string, expiresAt: Date): void
  /** Credentials are durable now; the server will close with `restart-required`. */
  onPaired(account: Account): void
  /** Logged in and ready to send. */
  onOpen(account: Account): void
  /**
   * Resolves when it is known what became of it: true when it is durable, and WhatsApp may forget it; false when it will not
   * be, and WhatsApp shall tell it again at the next log-in.
   */
  onReceipt(receipt: Receipt): Promise<boolean>
  /** Plaintexts were journaled: the projector has work. */
  onJournaled(): void
  onClosed(cause: CloseCause): void
}

export interface SendRequest {
  messageId: MessageId
  /** Never changes between attempts. */
  waMessageId: string
  /** E.164. */
  to: string
  content: OutboundContent
  quoted: { waMessageId: string; sender: string; body: string } | undefined
}

export type SendOutcome =
  | { outcome: 'acked' }
  /** It may have left; nobody confirmed it in time. Send again with the same id after the next connect. */
  | { outcome: 'unconfirmed' }
  | { outcome: 'not-on-whatsapp' }
  /** It was cancelled or has expired before anything of it left. */
  | { outcome: 'withdrawn' }
  /** WhatsApp answered with an error code: 463 restricted, 429 too fast, ... */
  | { outcome: 'refused'; code: number }
  | { outcome: 'invalid'; detail: string }

/** WhatsApp refused to make a pairing code, or the connection is not at the point where it can. */
export class PairingRefused extends Error {
  readonly why: 'not-pairing' | 'refused'
  constructor(why: 'not-pairing' | 'refused', detail: string) {
    super(detail)
    this.name = 'PairingRefused'
    this.why = why
  }
}

/** One connection attempt of one session and, when it succeeds, the connection. */
export interface Connection {
  /** Never rejects: what happened is the outcome. Resolves after the ack, a refusal, or the time-out. */
  send(request: SendRequest): Promise<SendOutcome>
  /** Throws PairingRefused. */
  requestPairingCode(phoneNumber: string): Promise<{ code: string; expiresAt: Date }>
  /** Unlinks this device at WhatsApp and closes. */
  logout(): Promise<void>
  /** Closes; `onClosed` follows with `closed-by-us` unless it came already. Idempotent. */
  close(): Promise<void>
}

/** The one door to WhatsApp. */
export interface Driver {
  /** Starts connecting and returns at once. Never throws: every failure is told by `onClosed`. */
  open(session: { instanceId: InstanceId; fence: Fence }, listener: ConnectionListener): Connection
}
