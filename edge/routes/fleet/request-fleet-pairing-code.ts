import { requestFleetPairingCodeContract } from '#contracts/http/fleet-pairing.ts'
import { auditedOwner } from '#core/verbs/fleet/audited-owner.ts'
import { requestPairingCode } from '#core/verbs/instances/request-pairing-code.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const requestFleetPairingCodeRoute = defineRoute({
  contract: requestFleetPairingCodeContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params: { instance_id: id }, body }) {
    const owner = await auditedOwner(services, actor, id, 'instance.pairing_code')
    return answer(201, await requestPairingCode(services, owner, { id, phoneNumber: body.phone_number }))
  },
})
