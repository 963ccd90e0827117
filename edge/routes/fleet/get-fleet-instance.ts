import { getFleetInstanceContract } from '#contracts/http/fleet-instances.ts'
import { presentFleetInstance } from '#core/rules/present-fleet-instance.ts'
import { getFleetInstance } from '#core/verbs/fleet/get-fleet-instance.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getFleetInstanceRoute = defineRoute({
  contract: getFleetInstanceContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, params }) {
    return answer(200, presentFleetInstance(await getFleetInstance(services, params.instance_id)))
  },
})
