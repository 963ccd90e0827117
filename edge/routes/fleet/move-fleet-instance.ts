import { moveFleetInstanceContract } from '#contracts/http/fleet-instances.ts'
import { presentFleetInstance } from '#core/rules/present-fleet-instance.ts'
import { getFleetInstance } from '#core/verbs/fleet/get-fleet-instance.ts'
import { moveInstance } from '#core/verbs/servers/move-instance.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const moveFleetInstanceRoute = defineRoute({
  contract: moveFleetInstanceContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params: { instance_id: id }, body }) {
    await moveInstance(services, actor, id, body.server_id)
    return answer(202, presentFleetInstance(await getFleetInstance(services, id)))
  },
})
