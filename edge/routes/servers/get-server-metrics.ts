import { getServerMetricsContract, serverMetricRanges } from '#contracts/http/server-metrics.ts'
import { found } from '#core/rules/not-found.ts'
import { presentServerMetrics } from '#core/rules/present-server-metrics.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getServerMetricsRoute = defineRoute({
  contract: getServerMetricsContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, params, query: { range } }) {
    const points = await services.serverMetrics.series(params.server_id, serverMetricRanges[range])
    return answer(200, presentServerMetrics(found('server', points), range))
  },
})
