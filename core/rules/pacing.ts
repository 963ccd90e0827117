import { newChatsPerMinute } from '#contracts/sending-limits.ts'

/** How fast an instance may send now, as its row says. */
export interface Pace {
  /** What the customer chose; null = the worker's default. */
  newChatsPerMinute: number | null
  /** WhatsApp said "too fast" within the hour. */
  slowed: boolean
}

/** Milliseconds that lie between two messages on average; 0 = no pace. */
export interface Gaps {
  /** Between first messages to new chats. */
  newChatMs: number
  /** Between messages of any kind. */
  anyMs: number
}

/** First messages to new chats per minute, where the customer chose nothing; null = no pace. */
export type DefaultPace = number | null

export const defaultPace: DefaultPace = newChatsPerMinute.default

/**
 * Only first messages to new chats are paced, because unasked messages are what gets numbers banned. While an instance is
 * slowed these have half their pace, and all others have the pace that new chats had.
 */
export function gapsOf({ newChatsPerMinute: chosen, slowed }: Pace, fallback: DefaultPace): Gaps {
  const perMinute = chosen ?? fallback
  const gapMs = perMinute === null ? 0 : 60_000 / perMinute
  return slowed ? { newChatMs: 2 * gapMs, anyMs: gapMs } : { newChatMs: gapMs, anyMs: 0 }
}

/** The gap as it is this time: half to one and a half of it, so that no rhythm shows. `random` is in [0, 1). */
export function jittered(gapMs: number, random: number): number {
  return gapMs * (0.5 + random)
}
