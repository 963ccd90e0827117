import { reassignCustomerContract } from '#contracts/http/fleet-instances.ts'
import { presentMove } from '#core/rules/present-server.ts'
import { reassignCustomer } from '#core/verbs/fleet/reassign-customer.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const reassignCustomerRoute = defineRoute({
  contract: reassignCustomerContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params, body }) {
    const { moves, left } = await reassignCustomer(services, actor, params.customer_id, body.server_id)
    return answer(202, { moves: moves.map(presentMove), left })
  },
})
