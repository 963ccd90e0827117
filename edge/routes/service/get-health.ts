import { ApiError } from '#contracts/errors.ts'
import { getHealthContract } from '#contracts/http/service.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getHealthRoute = defineRoute({
  contract: getHealthContract,
  policy: { auth: 'none' },
  async handle({ services }) {
    const [database, redis] = await Promise.all([services.probes.database(), services.probes.redis()])
    if (!database) {
      throw new ApiError('SERVICE_UNAVAILABLE', 'The database does not answer.', { retryAfterSeconds: 2 })
    }
    return answer(200, {
      status: redis ? 'healthy' : 'degraded',
      version: services.version,
      database: { reachable: database },
      redis: { reachable: redis },
    })
  },
})
