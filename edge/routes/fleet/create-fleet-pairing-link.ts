import { createFleetPairingLinkContract } from '#contracts/http/fleet-pairing.ts'
import { auditedOwner } from '#core/verbs/fleet/audited-owner.ts'
import { createPairingLink } from '#core/verbs/pairing/create-pairing-link.ts'
import { answer } from '#edge/routes/answers.ts'
import { presentPairingLink } from '#edge/routes/pairing/present-pairing-link.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const createFleetPairingLinkRoute = defineRoute({
  contract: createFleetPairingLinkContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params: { instance_id: id }, body: { valid_hours: validHours }, ownOrigin }) {
    const owner = await auditedOwner(services, actor, id, 'instance.pairing_link', { valid_hours: validHours })
    const link = await createPairingLink(services, owner, { id, validHours })
    return answer(201, presentPairingLink(link, services.dashboardOrigin ?? ownOrigin))
  },
})
