import { deleteServerContract } from '#contracts/http/server-registry.ts'
import { deleteServer } from '#core/verbs/servers/delete-server.ts'
import { noContent } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const deleteServerRoute = defineRoute({
  contract: deleteServerContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params }) {
    await deleteServer(services, actor, params.server_id)
    return noContent
  },
})
