/** What must not happen, each with the promise that it breaks. */
export const violationKinds = {
  lost: 'accepted or acknowledged, and not there',
  'shown-twice': 'shown to the recipient more than once',
  'order-break': 'shown or told before one that came earlier in its chat',
  'two-events': 'told twice, as two different events',
  'missing-event': 'in the database, but the event that tells it is missing',
  unsigned: 'a webhook without a valid signature',
  'stale-epoch': 'written by a session whose instance had a newer owner',
  idempotency: 'one Idempotency-Key, two messages',
  'wrong-status': 'a status that does not say what happened',
  refused: 'the API refused a good request for good',
} as const
export type ViolationKind = keyof typeof violationKinds

export interface Violation {
  kind: ViolationKind
  what: string
}

export const countNames = {
  accepted: 'accepted by the API',
  shown: 'shown on phones',
  unknown: 'shown, but the client never got a 2xx',
  repeatedRequests: 'requests that clients had to repeat',
  rawResends: 'raw resends on the wire',
  written: 'written by phones',
  received: 'received by healthy endpoints',
  duplicates: 'webhooks delivered again (same webhook-id)',
  undelivered: 'events not yet taken by slow, failing and resetting endpoints',
  webhookP99Ms: 'event to healthy endpoint, p99 in ms',
  epochs: 'changes of owner',
  fencedWrites: 'fenced writes',
} as const
export type Count = keyof typeof countNames

/** What the checker saw: figures, and everything that broke a promise. */
export interface Findings {
  counts: Record<Count, number>
  violations: Violation[]
}

export function newFindings(): Findings {
  const counts = Object.fromEntries(Object.keys(countNames).map((name) => [name, 0])) as Record<Count, number>
  return { counts, violations: [] }
}
