import { sendShortContract } from '#contracts/http/messages.ts'
import { preferWait } from '#core/rules/prefer-wait.ts'
import { sendShort } from '#core/verbs/messages/send-short.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { answerSent } from './answer-sent.ts'

export const sendShortRoute = defineRoute({
  contract: sendShortContract,
  policy: { auth: 'api-key', scope: 'messages:send', limit: 'send', keyCheck: 'in-verb', idempotent: 'in-verb' },
  async handle({ services, actor, headers, body, request }) {
    const waitSeconds = preferWait(headers.prefer)
    const sent = await sendShort(services, actor, {
      to: body.phone,
      content: { type: 'text', text: { body: body.message } },
      ifDisconnected: 'queue',
      idempotencyKey: headers['idempotency-key'],
      request,
      waitSeconds,
    })
    return answerSent(sent, waitSeconds)
  },
})
