import { getServiceKeysContract } from '#contracts/http/service.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getServiceKeysRoute = defineRoute({
  contract: getServiceKeysContract,
  policy: { auth: 'none' },
  async handle({ services }) {
    return {
      status: 200 as const,
      body: { keys: services.servicePublicKeys },
      headers: { 'Cache-Control': 'public, max-age=300' },
    }
  },
})
