import { ApiError } from '#contracts/errors.ts'
import type { Actor, App } from '#core/verbs/app.ts'
import { checkKey } from '#core/verbs/keys/check-key.ts'
import { sendMessage, type SendMessageInput, type SentMessage } from './send-message.ts'

/**
 * Sends from the key's default instance, or from the customer's only one. Throws NO_DEFAULT_INSTANCE when that is none,
 * else what sendMessage throws.
 */
export async function sendShort(
  app: Pick<
    App,
    'messages' | 'instances' | 'apiKeys' | 'provenKeys' | 'gateway' | 'clock' | 'background' | 'sharedHints'
  >,
  actor: Actor,
  input: Omit<SendMessageInput, 'instanceId'>,
): Promise<SentMessage> {
  const instanceId = await app.instances.defaultFor(actor.customerId, actor.keyId)
  if (instanceId !== undefined) return sendMessage(app, actor, { ...input, instanceId })
  // Without an acceptance nobody has looked at the key yet.
  await checkKey(app, actor, 'messages:send')
  const { items } = await app.instances.list(actor.customerId, { limit: 1 })
  throw new ApiError(
    'NO_DEFAULT_INSTANCE',
    items.length === 0
      ? 'There is no instance to send from: create one first.'
      : 'There is more than one instance and this key has no default: use POST /api/v1/instances/{id}/messages.',
  )
}
