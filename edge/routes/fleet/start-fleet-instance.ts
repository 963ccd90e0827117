import { startFleetInstanceContract } from '#contracts/http/fleet-instances.ts'
import { presentFleetInstance } from '#core/rules/present-fleet-instance.ts'
import { commandFleetInstance } from '#core/verbs/fleet/command-fleet-instance.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const startFleetInstanceRoute = defineRoute({
  contract: startFleetInstanceContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params }) {
    const instance = await commandFleetInstance(services, actor, params.instance_id, 'start')
    return answer(202, presentFleetInstance(instance))
  },
})
