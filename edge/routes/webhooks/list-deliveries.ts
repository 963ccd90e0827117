import { listDeliveriesContract } from '#contracts/http/webhooks.ts'
import { listDeliveries } from '#core/verbs/webhooks/list-deliveries.ts'
import { answerList } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listDeliveriesRoute = defineRoute({
  contract: listDeliveriesContract,
  policy: { auth: 'api-key', scope: 'webhooks:manage', limit: 'read', keyCheck: 'first' },
  async handle({ services, actor, params, query: { event_type: eventType, ...query } }) {
    return answerList(await listDeliveries(services, actor, { id: params.webhook_id, eventType, ...query }))
  },
})
