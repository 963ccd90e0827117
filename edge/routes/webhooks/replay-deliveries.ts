import { replayDeliveriesContract } from '#contracts/http/webhooks.ts'
import { replayDeliveries } from '#core/verbs/webhooks/replay-deliveries.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { replayInputOf } from './replay-input.ts'

export const replayDeliveriesRoute = defineRoute({
  contract: replayDeliveriesContract,
  policy: { auth: 'api-key', scope: 'webhooks:manage', limit: 'write', keyCheck: 'first', idempotent: 'whole-answer' },
  async handle({ services, actor, params, body, once }) {
    return answer(202, await replayDeliveries(services, actor, replayInputOf(params.webhook_id, body), once))
  },
  async tellAgain(_call, effect: { replayed: number; continue_from: string | null }) {
    return answer(202, effect)
  },
})
