import { getOpenApiContract } from '#contracts/http/service.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getOpenApiRoute = defineRoute({
  contract: getOpenApiContract,
  policy: { auth: 'none' },
  async handle({ services }) {
    return {
      status: 200,
      written: services.documents.openApi(),
      headers: {
        'Content-Type': 'application/json',
        'Cache-Control': 'public, max-age=300',
        // Tools that read it run in browsers too, and it holds no secret.
        'Access-Control-Allow-Origin': '*',
      },
    }
  },
})
