import type { EventData } from '#contracts/events.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { sendingLimitEffects, sendingLimitReasons, type SendingLimitReason } from '#contracts/sending-limits.ts'

const hourMs = 60 * 60 * 1_000

/** How long each limit lasts, from the refusal on. Chosen: WhatsApp tells no time. */
export const limitLastsMs: Record<SendingLimitReason, number> = { 'wa-restricted': 24 * hourMs, 'wa-too-fast': hourMs }

/** Refusals that follow each other within this time are one: they neither prolong the limit nor tell of it again. */
export const oneLimitMs = 5 * 60 * 1_000

/** The limit that an error code of WhatsApp's ack brings for the whole account. */
export function limitOfRefusal(code: number): SendingLimitReason | undefined {
  return { 463: 'wa-restricted' as const, 429: 'wa-too-fast' as const }[code]
}

/** `data` of the event `instance.sending_limited`. */
export function presentSendingLimit(
  instanceId: InstanceId,
  reason: SendingLimitReason,
  until: Date,
): EventData<'instance.sending_limited'> {
  return {
    instance_id: instanceId,
    reason,
    reason_text: sendingLimitReasons[reason],
    effect: sendingLimitEffects[reason],
    until: until.toISOString(),
  }
}
