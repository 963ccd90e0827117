import { getQrContract } from '#contracts/http/instances.ts'
import { getQr } from '#core/verbs/instances/get-qr.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getQrRoute = defineRoute({
  contract: getQrContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'read', keyCheck: 'first' },
  async handle({ services, actor, params }) {
    return answer(200, await getQr(services, actor, params.instance_id))
  },
})
