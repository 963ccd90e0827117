import { requestPairingCodeContract } from '#contracts/http/instances.ts'
import { requestPairingCode } from '#core/verbs/instances/request-pairing-code.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const requestPairingCodeRoute = defineRoute({
  contract: requestPairingCodeContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'write', keyCheck: 'first', idempotent: 'by-nature' },
  async handle({ services, actor, params, body }) {
    return answer(
      201,
      await requestPairingCode(services, actor, { id: params.instance_id, phoneNumber: body.phone_number }),
    )
  },
})
