import { getDocsContract } from '#contracts/http/service.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getDocsRoute = defineRoute({
  contract: getDocsContract,
  policy: { auth: 'none' },
  async handle({ services }) {
    const { html, contentSecurityPolicy } = await services.documents.page()
    return {
      status: 200,
      written: html,
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'public, max-age=300',
        'Content-Security-Policy': contentSecurityPolicy,
        'Referrer-Policy': 'no-referrer',
      },
    }
  },
})
