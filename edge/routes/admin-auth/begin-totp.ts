import { beginTotpContract } from '#contracts/http/admin-auth.ts'
import { beginTotp } from '#core/verbs/admin-auth/set-up-totp.ts'
import { qrSvg } from '#edge/qr/qr-svg.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const beginTotpRoute = defineRoute({
  contract: beginTotpContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, actor }) {
    const begun = await beginTotp(services, actor)
    return answer(201, { ...begun, qr_svg: qrSvg(begun.uri) })
  },
})
