import { revokeCustomerKeyContract } from '#contracts/http/customers.ts'
import { revokeCustomerKey } from '#core/verbs/customers/revoke-customer-key.ts'
import { noContent } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const revokeCustomerKeyRoute = defineRoute({
  contract: revokeCustomerKeyContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params }) {
    await revokeCustomerKey(services, actor, params.customer_id, params.api_key_id)
    return noContent
  },
})
