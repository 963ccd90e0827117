import { getGlobalMetricsContract, metricRanges } from '#contracts/http/metrics.ts'
import { presentMetrics } from '#core/rules/present-metrics.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getGlobalMetricsRoute = defineRoute({
  contract: getGlobalMetricsContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, query: { range } }) {
    const overview = await services.serviceMetrics.overviewAcrossCustomers(metricRanges[range])
    return answer(200, presentMetrics(overview, range))
  },
})
