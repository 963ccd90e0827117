/**
 * What a run leaves behind: four histories, told by parts that know nothing of each other, and the writes of the workers.
 * Each is a file of JSON lines, in the order in which things happened. Times are milliseconds of the machine's clock.
 */
export interface Histories {
  api: ApiAttempt[]
  wire: WireRecord[]
  database: DatabaseRecord[]
  webhooks: WebhookPost[]
  writes: FencedWrite[]
}

/** One attempt of a client to send a message. Repetitions carry the same key. */
export interface ApiAttempt {
  atMs: number
  key: string
  body: string
  /** Null when no answer came. */
  status: number | null
  /** Error code of the envelope, or why there was no answer. */
  code?: string | undefined
  messageId?: string | undefined
  waMessageId?: string | undefined
}

export type WireRecord =
  /** What a phone displays, in the order in which it came up there. */
  | { kind: 'shown'; body: string; waMessageId: string; rawStanzas: number }
  /** What a phone wrote to an instance, in that order, and whether the instance's device gave a receipt. */
  | { kind: 'written'; body: string; waMessageId: string; receipt: boolean }

export type DatabaseRecord =
  | {
      kind: 'message'
      id: string
      instanceId: string
      direction: 'outbound' | 'inbound'
      waMessageId: string
      body: string
      status: string
      attempts: number
    }
  | { kind: 'event'; id: string; instanceId: string; sequence: number; type: string; messageId: string }
  | { kind: 'delivery'; eventId: string; endpointId: string; status: string; attempts: number }
  | { kind: 'journal'; instanceId: string; seq: number; epoch: number }
  /** The instance got this epoch. */
  | { kind: 'epoch'; instanceId: string; epoch: number; atMs: number }

export type EndpointKind = 'healthy' | 'slow' | 'failing' | 'resetting'

/** One POST that reached an endpoint. */
export interface WebhookPost {
  atMs: number
  endpointId: string
  endpoint: EndpointKind
  webhookId: string
  /** The Standard Webhooks library accepted it; what follows `answer` is known only then. */
  verified: boolean
  answer: 'accepted' | 'refused' | 'reset'
  type?: string | undefined
  instanceId?: string | undefined
  sequence?: number | undefined
  /** Milliseconds from the event's time to this POST. */
  ageMs?: number | undefined
  /** Of events about a message. */
  chat?: string | undefined
  waMessageId?: string | undefined
  body?: string | undefined
}

/** A write under a fence that the database took. */
export interface FencedWrite {
  startedMs: number
  operation: string
  instanceId: string
  epoch: number
}

/** A text of the rig: which way it goes, in which chat, and its number there. */
export interface NumberedText {
  way: 'out' | 'in'
  chat: string
  number: number
}

export function textOf({ way, chat, number }: NumberedText): string {
  return `${way} ${chat} ${number}`
}

/** Undefined when the rig did not write it. */
export function parseText(body: string | undefined): NumberedText | undefined {
  const match = /^(out|in) (\S+) (\d+)$/.exec(body ?? '')
  if (match === null) return undefined
  return { way: match[1] as 'out' | 'in', chat: String(match[2]), number: Number(match[3]) }
}
