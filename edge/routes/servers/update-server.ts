import { updateServerContract } from '#contracts/http/server-registry.ts'
import { presentServer } from '#core/rules/present-server.ts'
import { updateServer } from '#core/verbs/servers/update-server.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const updateServerRoute = defineRoute({
  contract: updateServerContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params, body }) {
    const { ip_address, max_capacity, cpu_cores, ram_gb, cost_per_month, ...same } = body
    const server = await updateServer(services, actor, params.server_id, {
      ...same,
      ...(ip_address === undefined ? {} : { ipAddress: ip_address }),
      ...(max_capacity === undefined ? {} : { maxCapacity: max_capacity }),
      ...(cpu_cores === undefined ? {} : { cpuCores: cpu_cores }),
      ...(ram_gb === undefined ? {} : { ramGb: ram_gb }),
      ...(cost_per_month === undefined ? {} : { costPerMonth: cost_per_month }),
    })
    return answer(200, presentServer(server))
  },
})
