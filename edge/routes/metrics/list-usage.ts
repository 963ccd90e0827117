import { listUsageContract, mostUsageDays, type UsageSort } from '#contracts/http/usage.ts'
import { daySpan } from '#core/rules/day-span.ts'
import { presentUsageGroup } from '#core/rules/present-usage.ts'
import { answerTable } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listUsageRoute = defineRoute({
  contract: listUsageContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, query: { page, limit: perPage, by, from, to, q, sort } }) {
    const span = daySpan({ from, to }, services.clock.now(), mostUsageDays.ofAll)
    const order = { by: sort.replace(/^-/, '') as UsageSort, descending: sort.startsWith('-') }
    const found = await services.usage.groupsAcrossCustomers({ ...span, by, q, sort: order }, { page, perPage })
    return answerTable(found, { page, perPage }, presentUsageGroup)
  },
})
