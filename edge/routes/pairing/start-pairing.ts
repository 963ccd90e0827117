import { startPairingContract } from '#contracts/http/pairing.ts'
import { startPairing } from '#core/verbs/pairing/start-pairing.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const startPairingRoute = defineRoute({
  contract: startPairingContract,
  policy: { auth: 'pairing-link', limit: 'write' },
  async handle({ services, actor }) {
    return answer(202, await startPairing(services, actor))
  },
})
