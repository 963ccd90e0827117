import { getQrContract } from '#contracts/http/instances.ts'
import { negotiateMedia } from '#core/rules/negotiate-media.ts'
import { getQr } from '#core/verbs/instances/get-qr.ts'
import { checkKey } from '#core/verbs/keys/check-key.ts'
import { watchPairing } from '#core/verbs/instances/watch-pairing.ts'
import { qrPng } from '#edge/qr/qr-png.ts'
import { qrSvg } from '#edge/qr/qr-svg.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { pairingStream } from './pairing-stream.ts'

const scope = 'instances:manage'
const forms = ['application/json', 'image/png', 'image/svg+xml', 'text/event-stream'] as const

export const getQrRoute = defineRoute({
  contract: getQrContract,
  policy: { auth: 'api-key', scope, limit: 'read', keyCheck: 'first' },
  async handle({ services, actor, params: { instance_id: id }, headers, requestId }) {
    const form = negotiateMedia(headers.accept, forms)
    const written = { 'Content-Type': form, Vary: 'Accept' }
    if (form === 'text/event-stream') {
      const looks = await watchPairing(services, actor, {
        id,
        lastEventId: headers['last-event-id'],
        stillAllowed: () => checkKey(services, actor, scope),
      })
      const { background } = services
      return { status: 200, written: pairingStream(looks, { background, requestId }), headers: written }
    }
    const code = await getQr(services, actor, id)
    if (form === 'image/png') return { status: 200, written: await qrPng(code.qr), headers: written }
    if (form === 'image/svg+xml') return { status: 200, written: qrSvg(code.qr), headers: written }
    return answer(200, code, { Vary: 'Accept' })
  },
})
