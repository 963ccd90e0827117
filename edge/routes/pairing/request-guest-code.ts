import { requestGuestCodeContract } from '#contracts/http/pairing.ts'
import { requestPairingCode } from '#core/verbs/instances/request-pairing-code.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const requestGuestCodeRoute = defineRoute({
  contract: requestGuestCodeContract,
  policy: { auth: 'pairing-link', limit: 'write' },
  async handle({ services, actor, body }) {
    const input = { id: actor.instanceId, phoneNumber: body.phone_number }
    return answer(201, await requestPairingCode(services, actor, input))
  },
})
