import { createServerContract } from '#contracts/http/server-registry.ts'
import { presentEnrollment } from '#core/rules/present-enrollment.ts'
import { presentServer } from '#core/rules/present-server.ts'
import { createServer } from '#core/verbs/servers/create-server.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const createServerRoute = defineRoute({
  contract: createServerContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, body, ownOrigin }) {
    const { server, enrollment } = await createServer(services, actor, {
      name: body.name,
      url: body.url,
      region: body.region,
      ipAddress: body.ip_address,
      maxCapacity: body.max_capacity,
      provider: body.provider ?? null,
      cpuCores: body.cpu_cores ?? null,
      ramGb: body.ram_gb ?? null,
      costPerMonth: body.cost_per_month ?? null,
    })
    const shown = presentEnrollment(enrollment, { start: services.workerCommand, edge: ownOrigin })
    return answer(201, { ...presentServer(server), enrollment: shown })
  },
})
