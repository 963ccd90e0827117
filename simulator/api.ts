/**
 * What the simulator offers to tests, to the local stack and to anyone who imports it. Only types: `startSimulator` in
 * `./start-simulator.ts` makes the real thing. All jids are user jids without a device part unless said otherwise.
 */

/** How to start a simulator. */
export interface SimulatorOptions {
  /** Folder that keeps accounts, devices, Signal state and queues. Without it everything is in memory and ends with `stop()`. */
  dataDir?: string | undefined
  /** Address to bind, `127.0.0.1` unless told. */
  host?: string | undefined
  /** Port of the WhatsApp WebSocket; 0 or absent takes a free one. */
  port?: number | undefined
  /** Port of the HTTP control API; 0 takes a free one, absent starts none. */
  controlPort?: number | undefined
  /** One line per thing worth knowing; silent unless given. */
  log?: ((line: string) => void) | undefined
}

/** A running WhatsApp server with virtual phones. */
export interface Simulator {
  /** `ws://127.0.0.1:PORT/ws/chat`: Baileys' `waWebSocketUrl`. */
  readonly url: string
  /** 32 bytes, the root of the server's certificate chain: put it into Baileys' `WA_CERT_DETAILS.PUBLIC_KEY`. */
  readonly rootPublicKey: Uint8Array
  /** `http://127.0.0.1:PORT` of the control API, when it was asked for. */
  readonly controlUrl: string | undefined
  /** Makes a phone with an account, or returns the one that has this number already (its name is then left alone). */
  makePhone(options?: MakePhoneOptions): Promise<Phone>
  phone(phoneNumber: string): Phone | undefined
  phones(): Phone[]
  /** Every open connection, paired or not. */
  connections(): ConnectionInfo[]
  /** Resolves as soon as an open connection satisfies `match`; rejects after `timeoutMs` (10 s unless told). */
  waitForConnection(match: (connection: ConnectionInfo) => boolean, timeoutMs?: number): Promise<ConnectionInfo>
  readonly faults: Faults
  /**
   * Sends `companion_reg_refresh` to the unpaired connection that shows this QR. From then on a phone refuses the QR's
   * advertised secret (LinkError `SECRET_RETIRED`); only a QR with a new secret pairs. Resolves with whether the
   * companion acknowledged within `ackTimeoutMs` (2 s unless told).
   * @throws LinkError `QR_UNKNOWN`
   */
  refreshRegistration(qrText: string, options?: RefreshOptions): Promise<{ acknowledged: boolean }>
  /** Ends matching connections the given way, and says how many there were. */
  disconnect(target: ConnectionTarget, how: DisconnectKind): number
  /** Closes everything; state in `dataDir` is complete when it resolves. */
  stop(): Promise<void>
}

export interface MakePhoneOptions {
  /** E.164 with `+`; a random valid one when absent. */
  phoneNumber?: string | undefined
  /** Push name that others see. */
  name?: string | undefined
}

export interface RefreshOptions {
  /** Which of the two shapes seen in the wild: `<companion_reg_refresh/>` (default) or `<pair-device-rotate-qr/>`. */
  shape?: 'companion_reg_refresh' | 'pair-device-rotate-qr' | undefined
  ackTimeoutMs?: number | undefined
}

/** A virtual phone: device 0 of its account, with real Signal sessions to every device that it talks to. */
export interface Phone {
  /** E.164 with `+`. */
  readonly phoneNumber: string
  /** `5511...@s.whatsapp.net` */
  readonly jid: string
  /** `85...@lid` */
  readonly lid: string
  readonly name: string
  /** What the phone does by itself; change any field at any time. */
  readonly behaviour: PhoneBehaviour
  /** The linked devices of the account, in the order of linking. */
  devices(): LinkedDevice[]
  /**
   * Scans the QR of an unpaired companion and resolves when the companion has signed its device identity (the server
   * then closes its connection with 515).
   * @throws LinkError `QR_INVALID`, `QR_UNKNOWN` (expired, or its connection is gone), `SECRET_RETIRED`, `COMPANION_REFUSED`
   */
  scan(qrText: string, options?: ScanOptions): Promise<LinkedDevice>
  /**
   * Types the 8-character code that a companion shows (hyphens and case do not matter). Waits up to 5 s for a companion
   * that asks for this number.
   * @throws LinkError `CODE_INVALID`, `NO_PAIRING_REQUEST`, `CODE_WRONG`, `COMPANION_REFUSED`
   */
  enterCode(code: string): Promise<LinkedDevice>
  /**
   * Sends a text; `to` is E.164 or a jid (a `@lid` jid makes the whole message LID-addressed).
   * @throws Error when the number has no account ("is not on WhatsApp")
   */
  sendText(to: string, body: string, options?: { id?: string | undefined }): Promise<{ id: string }>
  /**
   * Sends a text to a group: to the linked devices of its members and of the own account. (Phones of members do not show
   * it.) A device that this phone never wrote to there gets the phone's key of the group in the same stanza.
   * @throws Error when `jid` is no group's, or a member has no account
   */
  sendGroupText(group: Group, body: string, options?: { id?: string | undefined }): Promise<{ id: string }>
  /**
   * Sends read receipts for everything unread in the chat, and tells the own linked devices; `chat` is E.164 or a jid (a
   * `@lid` jid makes the receipts LID-addressed).
   */
  markRead(chat: string): Promise<void>
  /** What the phone displays, oldest first, each (chat, sender, id) once. */
  shown(chat?: string): ShownMessage[]
  /** Resolves with the first shown message that matches, past or future; rejects after `timeoutMs` (10 s unless told). */
  waitForMessage(match: (message: ShownMessage) => boolean, timeoutMs?: number): Promise<ShownMessage>
  /** What became of a message that this phone sent; undefined for an id that it never sent. */
  sentStatus(id: string): SentStatus | undefined
  /** Resolves when the status matches; rejects after `timeoutMs` (10 s unless told). */
  waitForStatus(id: string, match: (status: SentStatus) => boolean, timeoutMs?: number): Promise<SentStatus>
  /** Counters over everything that reached this phone, displayed or not. */
  counters(): PhoneCounters
  /** Unlinks a device: its connection ends with 401, and so does every later log-in. */
  removeDevice(deviceId: number): Promise<void>
}

/** A group is what who writes to it says it is: the server keeps none. */
export interface Group {
  /** `1203...@g.us` */
  jid: string
  /** E.164 or jids; with or without whoever writes. */
  members: readonly string[]
}

export interface ScanOptions {
  /** The server first sends `companion_reg_refresh`, so this scan is refused with `SECRET_RETIRED`: scan the new QR next. */
  refreshFirst?: boolean | undefined
}

/** What a phone does without being told. */
export interface PhoneBehaviour {
  /** Sends a delivered receipt for each message (default true). */
  deliveredReceipts: boolean
  /** Sends a read receipt at once (default false). */
  readReceipts: boolean
  /** Answers each message of others: a fixed text, or a function of the message (undefined: no answer). Not persisted. */
  autoReply: string | ((message: ShownMessage) => string | undefined) | undefined
}

export interface LinkedDevice {
  /** 1 and up; 0 is the phone. */
  deviceId: number
  keyIndex: number
  /** `5511...:1@s.whatsapp.net` */
  jid: string
  /** `85...:1@lid` */
  lid: string
  /** What the companion calls itself, for example `Mac OS`. */
  platform: string
  linkedAtMs: number
}

export interface ShownMessage {
  id: string
  /** jid of the other side of the conversation: a user, or a group. */
  chat: string
  /** jid of the sender's account. */
  sender: string
  /** Device of the sender that the first stanza came from; 0 is a phone. */
  senderDevice: number
  /** True for what the account's own phone or linked devices sent. */
  fromMe: boolean
  /** The text, or '' for content that has none. */
  body: string
  /** When this phone first displayed it. */
  timestampMs: number
  /** How many stanzas with this (chat, sender, id) reached the phone; 1 when nothing was duplicated, 0 for what it sent itself. */
  rawStanzas: number
  read: boolean
}

/** State of a message that a phone sent. Times are absent until it happened. */
export interface SentStatus {
  id: string
  chat: string
  serverAckMs?: number | undefined
  /** First delivered receipt from any device of the recipient. */
  deliveredMs?: number | undefined
  readMs?: number | undefined
  /** Every device of the recipient that confirmed delivery: `5511...:1@s.whatsapp.net`. */
  deliveredTo: string[]
  /** How many retry receipts made the phone encrypt it again. */
  retries: number
}

export interface PhoneCounters {
  /** Message stanzas that reached the phone, duplicates included. */
  rawStanzas: number
  /** Stanzas whose ciphertext could not be read (each made a retry receipt); duplicates of a read one do not count. */
  undecryptable: number
  /** Stanzas with a ciphertext that this phone had read before. */
  duplicates: number
  /** Retry receipts from companions that made this phone encrypt a message again. */
  retriesServed: number
}

export interface ConnectionInfo {
  id: number
  state: 'handshake' | 'unpaired' | 'logged-in' | 'active'
  phoneNumber?: string | undefined
  deviceId?: number | undefined
  connectedAtMs: number
  /** Stanzas that wait for a receipt of this device. */
  queued: number
}

export interface ConnectionTarget {
  phoneNumber?: string | undefined
  deviceId?: number | undefined
  connectionId?: number | undefined
}

/**
 * How a connection ends: `drop` cuts the TCP connection, `close` ends the stream politely (428 at Baileys), `503` and `515`
 * are stream errors, `replaced` is a conflict (440), `device-removed` is 401 without removing the device.
 */
export type DisconnectKind = 'drop' | 'close' | '503' | '515' | 'replaced' | 'device-removed'

/** What a fault does to a stanza or a connection. */
export type FaultAction =
  /** The stanza disappears. */
  | { kind: 'drop' }
  /** The stanza waits, and what follows on that connection may overtake it. */
  | { kind: 'delay'; delayMs: number }
  /** The stanza is handled or sent twice. */
  | { kind: 'duplicate' }
  /** A bit of each ciphertext in it flips, so that the recipient cannot decrypt. */
  | { kind: 'corrupt' }
  /** The connection is cut as the stanza arrives; the stanza is lost. Direction `from-device` only. */
  | { kind: 'close' }
  /** The message takes effect, and the connection is cut before its ack. Direction `from-device` only. */
  | { kind: 'close-before-ack' }
  /** The message takes effect, is acknowledged, and the connection is cut. Direction `from-device` only. */
  | { kind: 'close-after-ack' }
  /** The message is refused by an ack with this error and goes nowhere: 463, 479, 429 ... Direction `from-device` only. */
  | { kind: 'refuse'; code: number }
  /** Nothing is read or answered any more on matching connections, pings included; TCP stays open. */
  | { kind: 'silence' }
  /** Log-in is answered with `<failure reason="code">`: 401, 403, 503 ... */
  | { kind: 'fail-login'; code: number }
  /** New connections are cut before the WebSocket opens, or answered with this HTTP status. */
  | { kind: 'refuse-connection'; httpStatus?: number | undefined }

/** Where and how often a fault strikes. Without account, device and connection it strikes everywhere. */
export interface FaultRule {
  action: FaultAction
  /** E.164; only this account's companions. */
  phoneNumber?: string | undefined
  /** Only this linked device (together with phoneNumber). */
  deviceId?: number | undefined
  connectionId?: number | undefined
  /** Only connections that are opened after the fault was switched on. */
  newConnectionsOnly?: boolean | undefined
  /** `from-device`: companion to server (default); `to-device`: server to companion. */
  direction?: 'from-device' | 'to-device' | undefined
  /** Tag of the stanzas it strikes: `message` (default), `receipt`, `iq`, `ack`, ... or `*`. */
  stanza?: string | undefined
  /** Only stanzas with this `type`, such as the receipts with which a device asks again: `retry`. */
  type?: string | undefined
  /** Strikes this many times, then switches itself off; unlimited when absent. */
  times?: number | undefined
}

export interface ActiveFault {
  id: number
  rule: FaultRule
  /** How often it struck. */
  struck: number
}

export interface Faults {
  /** Switches a fault on and returns its id. @throws Error on an action that makes no sense in its direction. */
  add(rule: FaultRule): number
  /** Switches it off; false when there is no such fault any more. */
  remove(id: number): boolean
  clear(): void
  list(): ActiveFault[]
}

/** Why a phone could not link a companion. */
export type LinkErrorCode =
  | 'QR_INVALID'
  | 'QR_UNKNOWN'
  | 'SECRET_RETIRED'
  | 'CODE_INVALID'
  | 'NO_PAIRING_REQUEST'
  | 'CODE_WRONG'
  | 'COMPANION_REFUSED'
