import { rebalanceServerContract } from '#contracts/http/servers.ts'
import { presentMove } from '#core/rules/present-server.ts'
import { rebalanceServer } from '#core/verbs/servers/rebalance-server.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const rebalanceServerRoute = defineRoute({
  contract: rebalanceServerContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params }) {
    const moves = await rebalanceServer(services, actor, params.server_id)
    return answer(200, { moves: moves.map(presentMove) })
  },
})
