import { followFleetPairingContract } from '#contracts/http/fleet-pairing.ts'
import { followFleetPairing } from '#core/verbs/fleet/follow-fleet-pairing.ts'
import { pairingStream } from '#edge/routes/instances/pairing-stream.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const followFleetPairingRoute = defineRoute({
  contract: followFleetPairingContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params, requestId }) {
    const looks = await followFleetPairing(services, actor, params.instance_id)
    const { background } = services
    return {
      status: 200,
      written: pairingStream(looks, { background, requestId }),
      headers: { 'Content-Type': 'text/event-stream' },
    }
  },
})
