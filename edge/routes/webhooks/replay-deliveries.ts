import { replayDeliveriesContract } from '#contracts/http/webhooks.ts'
import { replayDeliveries } from '#core/verbs/webhooks/replay-deliveries.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const replayDeliveriesRoute = defineRoute({
  contract: replayDeliveriesContract,
  policy: { auth: 'api-key', scope: 'webhooks:manage', limit: 'write', keyCheck: 'first', idempotent: 'whole-answer' },
  async handle({ services, actor, params, body: { event_id: eventId, from, to }, once }) {
    const moment = (text: string | undefined) => (text === undefined ? undefined : new Date(text))
    const input = { id: params.webhook_id, eventId, from: moment(from), to: moment(to) }
    return answer(202, await replayDeliveries(services, actor, input, once))
  },
  async tellAgain(_call, effect: { replayed: number; continue_from: string | null }) {
    return answer(202, effect)
  },
})
