import { activateServerContract } from '#contracts/http/servers.ts'
import { presentServer } from '#core/rules/present-server.ts'
import { activateServer } from '#core/verbs/servers/activate-server.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const activateServerRoute = defineRoute({
  contract: activateServerContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params }) {
    return answer(200, presentServer(await activateServer(services, actor, params.server_id)))
  },
})
