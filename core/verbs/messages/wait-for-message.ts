import type { MessageView } from '#contracts/http/message-view.ts'
import type { MessageStatus } from '#contracts/message-status.ts'
import type { Route } from '#core/ports/instances.ts'
import type { Actor, App } from '#core/verbs/app.ts'
import { commandOwner } from '#core/verbs/instances/command-instance.ts'
import { getMessage } from './get-message.ts'

/** WhatsApp's server has it. */
export function hasLeft(status: MessageStatus): boolean {
  return status === 'sent' || status === 'delivered' || status === 'read'
}

/**
 * Waits until WhatsApp has the message, it ended otherwise, or the time is over. The hint carries the wait and the worker
 * answers at the ack, so nothing is polled; when no worker answers, another may take over meanwhile: the message is read
 * once at the end. Never fails: the message is accepted, whatever happens here.
 */
export async function waitForMessage(
  app: Pick<App, 'messages' | 'instances' | 'gateway' | 'clock' | 'background'>,
  actor: Actor,
  { view, route, waitSeconds }: { view: MessageView; route: Route; waitSeconds: number },
): Promise<MessageView> {
  if (view.status !== 'queued' && view.status !== 'sending') return view
  const endsAt = app.clock.now().getTime() + waitSeconds * 1000
  const told = route.incarnation === null ? undefined : await askWorker(app, actor, view, route, waitSeconds)
  if (told !== undefined) return told
  await app.background.sleep(Math.max(0, endsAt - app.clock.now().getTime()))
  return getMessage(app, actor, view.id).catch(() => view)
}

/** Undefined when no worker could tell, for whatever reason: the message is accepted all the same. */
async function askWorker(
  app: Pick<App, 'instances' | 'gateway'>,
  actor: Actor,
  view: MessageView,
  route: Route,
  waitSeconds: number,
): Promise<MessageView | undefined> {
  try {
    const answer = await commandOwner(app, actor, route, 'outbox', {
      message_id: view.id,
      wait_ms: waitSeconds * 1000,
    })
    return answer.message ?? undefined
  } catch {
    return undefined
  }
}
