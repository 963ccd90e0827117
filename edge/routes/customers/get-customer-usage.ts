import { getCustomerUsageContract } from '#contracts/http/usage.ts'
import { lastDays } from '#core/rules/day-span.ts'
import { found } from '#core/rules/not-found.ts'
import { presentUsageDay } from '#core/rules/present-usage.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getCustomerUsageRoute = defineRoute({
  contract: getCustomerUsageContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, params, query }) {
    const span = lastDays(query.days, services.clock.now())
    const days = found('customer', await services.usage.days(params.customer_id, span))
    return answer(200, days.map(presentUsageDay))
  },
})
