import { setServerStatusContract } from '#contracts/http/server-registry.ts'
import { presentServer } from '#core/rules/present-server.ts'
import { setServerStatus } from '#core/verbs/servers/set-server-status.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const setServerStatusRoute = defineRoute({
  contract: setServerStatusContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params, body }) {
    return answer(200, presentServer(await setServerStatus(services, actor, params.server_id, body)))
  },
})
