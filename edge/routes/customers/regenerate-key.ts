import { regenerateKeyContract } from '#contracts/http/customers.ts'
import { presentApiKey } from '#core/rules/present-api-key.ts'
import { regenerateKey } from '#core/verbs/customers/regenerate-key.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const regenerateKeyRoute = defineRoute({
  contract: regenerateKeyContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params }) {
    const { key, secret } = await regenerateKey(services, actor, params.customer_id)
    return answer(201, { ...presentApiKey(key), secret })
  },
})
