import { createPairingLinkContract } from '#contracts/http/pairing.ts'
import { createPairingLink } from '#core/verbs/pairing/create-pairing-link.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const createPairingLinkRoute = defineRoute({
  contract: createPairingLinkContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'write', keyCheck: 'first', idempotent: 'by-nature' },
  async handle({ services, actor, params: { instance_id: id }, body, ownOrigin }) {
    const { token, expiresAt } = await createPairingLink(services, actor, { id, validHours: body.valid_hours })
    // Behind the `#`, so that it is in no request and in no log.
    const url = `${services.dashboardOrigin ?? ownOrigin}/pair#${token}`
    return answer(201, { url, expires_at: expiresAt.toISOString() })
  },
})
