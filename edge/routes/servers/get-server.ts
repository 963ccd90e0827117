import { getServerContract } from '#contracts/http/servers.ts'
import { presentServer } from '#core/rules/present-server.ts'
import { getServer } from '#core/verbs/servers/get-server.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getServerRoute = defineRoute({
  contract: getServerContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, params }) {
    return answer(200, presentServer(await getServer(services, params.server_id)))
  },
})
