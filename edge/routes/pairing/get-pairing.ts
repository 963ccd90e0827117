import { getPairingContract } from '#contracts/http/pairing.ts'
import { presentPairing } from '#core/rules/present-pairing.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getPairingRoute = defineRoute({
  contract: getPairingContract,
  policy: { auth: 'pairing-link', limit: 'read' },
  async handle({ actor }) {
    return answer(200, presentPairing(actor, actor.instance))
  },
})
