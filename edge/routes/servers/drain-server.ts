import { drainServerContract } from '#contracts/http/servers.ts'
import { presentServer } from '#core/rules/present-server.ts'
import { drainServer } from '#core/verbs/servers/drain-server.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const drainServerRoute = defineRoute({
  contract: drainServerContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params }) {
    return answer(200, presentServer(await drainServer(services, actor, params.server_id)))
  },
})
