import { followPairingContract } from '#contracts/http/pairing.ts'
import { followPairing } from '#core/verbs/pairing/follow-pairing.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { pairingStream } from '#edge/routes/instances/pairing-stream.ts'

export const followPairingRoute = defineRoute({
  contract: followPairingContract,
  policy: { auth: 'pairing-link', limit: 'read' },
  async handle({ services, actor, requestId }) {
    const looks = await followPairing(services, actor)
    const { background } = services
    return {
      status: 200,
      written: pairingStream(looks, { background, requestId }),
      headers: { 'Content-Type': 'text/event-stream' },
    }
  },
})
