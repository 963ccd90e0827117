import { sendMessageContract } from '#contracts/http/messages.ts'
import { preferWait } from '#core/rules/prefer-wait.ts'
import { sendMessage } from '#core/verbs/messages/send-message.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { answerSent } from './answer-sent.ts'

export const sendMessageRoute = defineRoute({
  contract: sendMessageContract,
  policy: { auth: 'api-key', scope: 'messages:send', limit: 'send', keyCheck: 'in-verb', idempotent: 'in-verb' },
  async handle({ services, actor, params, headers, body, request }) {
    const waitSeconds = preferWait(headers.prefer)
    const { to, context, expires_at: expiresAt, if_disconnected: ifDisconnected, ...content } = body
    const sent = await sendMessage(services, actor, {
      instanceId: params.instance_id,
      to,
      content,
      contextMessageId: context?.message_id,
      expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
      ifDisconnected,
      idempotencyKey: headers['idempotency-key'],
      request,
      waitSeconds,
    })
    return answerSent(sent, waitSeconds)
  },
})
