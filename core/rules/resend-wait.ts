/** The server's ack of an attempt did not come: waits before the same content goes out again under the same id. */
const waitsMs = [0, 5_000, 15_000, 60_000, 300_000] as const

/** WhatsApp said "too fast": the chat holds still for this long. */
export const tooFastWaitMs = 60_000

/** `unconfirmed` counts attempts on this connection that nobody confirmed, from 1. A new connection starts anew. */
export function resendWaitMs(unconfirmed: number): number {
  return waitsMs[Math.min(unconfirmed, waitsMs.length) - 1] ?? 0
}
