import { ApiError } from '#contracts/errors.ts'
import type { EventId, WebhookId } from '#contracts/ids.ts'
import type { Once } from '#core/ports/idempotency.ts'
import type { ReplayChoice } from '#core/ports/webhook-deliveries.ts'
import { notFound } from '#core/rules/not-found.ts'
import type { App, Owner } from '#core/verbs/app.ts'

export interface ReplayInput {
  id: WebhookId
  /** One event; without it all that happened from `from` until before `to`, which is now if not told. */
  eventId?: EventId | undefined
  from?: Date | undefined
  to?: Date | undefined
}

/**
 * Makes what was delivered or given up due again. Tells how many, and where to go on when there are more than one call
 * replays. Throws NOT_FOUND, VALIDATION_ERROR and, when the endpoint is disabled, CONFLICT.
 */
export async function replayDeliveries(
  app: Pick<App, 'webhookDeliveries' | 'clock'>,
  actor: Owner,
  { id, eventId, from, to = app.clock.now() }: ReplayInput,
  once?: Once,
): Promise<{ replayed: number; continue_from: string | null }> {
  const choice: ReplayChoice = eventId === undefined ? { from: from ?? new Date(0), to } : { eventId }
  if ('from' in choice && choice.from >= choice.to) {
    throw new ApiError('VALIDATION_ERROR', 'The request is not valid.', { details: { from: 'must be before `to`' } })
  }
  const result = await app.webhookDeliveries.replay(actor.customerId, id, choice, once)
  if (result.outcome === 'not-found') throw notFound('webhook')
  if (result.outcome === 'event-not-found') throw notFound('event')
  if (result.outcome === 'disabled') throw new ApiError('CONFLICT', 'The endpoint is disabled: enable it first.')
  return { replayed: result.replayed, continue_from: result.continueFrom?.toISOString() ?? null }
}
