import type { SentMessage } from '#core/verbs/messages/send-message.ts'
import { answer } from '#edge/routes/answers.ts'

/**
 * 201 when the caller waited and WhatsApp has the message, else 202: also when it failed meanwhile, because it was
 * accepted, its id is good, and a replay answers the same; `status` and `error` of the message tell the rest.
 */
export function answerSent({ message, replayed, sent }: SentMessage, waitSeconds: number) {
  const headers: Record<string, string> = {}
  if (replayed) headers['Idempotent-Replayed'] = 'true'
  if (waitSeconds > 0) headers['Preference-Applied'] = `wait=${waitSeconds}`
  return answer(sent ? 201 : 202, message, headers)
}
