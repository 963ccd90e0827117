import { createPairingLinkContract } from '#contracts/http/pairing.ts'
import { createPairingLink } from '#core/verbs/pairing/create-pairing-link.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { presentPairingLink } from './present-pairing-link.ts'

export const createPairingLinkRoute = defineRoute({
  contract: createPairingLinkContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'write', keyCheck: 'first', idempotent: 'by-nature' },
  async handle({ services, actor, params: { instance_id: id }, body, ownOrigin }) {
    const link = await createPairingLink(services, actor, { id, validHours: body.valid_hours })
    return answer(201, presentPairingLink(link, services.dashboardOrigin ?? ownOrigin))
  },
})
