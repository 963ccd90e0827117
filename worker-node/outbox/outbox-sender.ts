import type { InstanceId, MessageId } from '#contracts/ids.ts'
import { outboundContentSchema } from '#contracts/message-content.ts'
import type { SendOutcome, SendRequest } from '#core/ports/driver.ts'
import type { Message } from '#core/ports/messages.ts'
import type { Outbox, OutboxEntry } from '#core/ports/outbox.ts'
import { afterAttempt, type SendVerdict } from '#core/rules/send-outcome.ts'
import type { Log } from '#worker-node/log.ts'
import { startLoop, type Loop } from '#worker-node/loop.ts'
import { untilWritten, type FencedSession } from '#worker-node/sessions/until-written.ts'
import { createLanes, laneKey, type LaneKey } from './lanes.ts'
import { createSettlements } from './settlements.ts'

/** Heads that one turn looks at beyond those that are known to wait. */
const headsPerTurn = 200

/** What the outbox needs of a session. */
export interface SendingSession extends FencedSession {
  readonly connected: boolean
  readonly connects: number
  send(request: SendRequest): Promise<SendOutcome>
}

/**
 * Sends what the outbox holds for the connected sessions: per chat one message at a time, chats beside each other. The
 * database's heads are the truth and are read at least once a second; a hint only makes it sooner.
 */
export interface OutboxSender {
  start(): void
  /** Something may be ready to leave. */
  hint(): void
  /** Resolves when the message is sent or final, or after `waitMs`, with the message as it is then. */
  settled(instanceId: InstanceId, id: MessageId, waitMs: number): Promise<Message | undefined>
  /** Sends nothing new; resolves when what is in flight has ended, which can take as long as WhatsApp's ack. */
  stop(): Promise<void>
}

export function createOutboxSender(deps: {
  outbox: Outbox
  /** The sessions of this worker, connected or not. */
  sessions: () => SendingSession[]
  intervalMs: number
  log: Log
  /** A message and its event became durable. */
  onSettled: () => void
}): OutboxSender {
  const { outbox, log } = deps
  const lanes = createLanes()
  const settlements = createSettlements()
  const inFlight = new Set<Promise<void>>()
  let loop: Loop | undefined

  async function turn(): Promise<void> {
    const connected = new Map(
      deps.sessions().flatMap((session) => (session.connected ? [[session.instanceId, session] as const] : [])),
    )
    if (connected.size === 0) return
    const heads = await outbox.heads([...connected.keys()], headsPerTurn + lanes.blocked())
    lanes.keepOnly(new Set(heads.map(({ message }) => laneKey(message.instanceId, message.chat))))
    for (const entry of heads) {
      const session = connected.get(entry.message.instanceId)
      if (session?.connected === true) dispatch(session, entry)
    }
  }

  function dispatch(session: SendingSession, entry: OutboxEntry): void {
    const { id, instanceId, chat } = entry.message
    const lane = laneKey(instanceId, chat)
    const taken = lanes.take(lane, id, session.connects)
    if (taken === undefined) return
    const work = deliver(session, entry, lane, taken.unconfirmed).finally(() => inFlight.delete(work))
    inFlight.add(work)
  }

  /** One attempt and what follows from it. Never rejects. */
  async function deliver(
    session: SendingSession,
    entry: OutboxEntry,
    lane: LaneKey,
    unconfirmed: number,
  ): Promise<void> {
    const outcome = await attempt(session, entry)
    const verdict = afterAttempt(outcome, unconfirmed)
    log.debug('A message was attempted.', {
      instance: session.instanceId,
      message_id: entry.message.id,
      attempt: entry.attempts + 1,
      outcome: outcome.outcome,
      ...(outcome.outcome === 'refused' ? { code: outcome.code } : {}),
    })
    if (verdict.verdict === 'again') {
      lanes.again(lane, verdict.afterMs)
      // Otherwise a look at the usual interval comes soon enough.
      if (verdict.afterMs === 0) loop?.hint()
      return
    }
    if (verdict.verdict === 'ended') {
      // Should it be the head again all the same, it waits for the next look at the usual interval.
      lanes.again(lane, deps.intervalMs)
      settlements.tell(entry.message.id)
      loop?.hint()
      return
    }
    await untilWritten(session, log, () => settle(session, entry.message.id, verdict))
    lanes.done(lane)
    settlements.tell(entry.message.id)
    deps.onSettled()
    loop?.hint()
  }

  async function attempt(session: SendingSession, { message, quoted }: OutboxEntry): Promise<SendOutcome> {
    // The edge stores nothing else, but one row that no driver can encode must not hold up its chat for ever.
    const content = outboundContentSchema.safeParse(message.content)
    if (!content.success) return { outcome: 'invalid', detail: 'The stored content is none that can be sent.' }
    const { id: messageId, waMessageId, chat: to } = message
    try {
      return await session.send({ messageId, waMessageId, to, content: content.data, quoted })
    } catch (error) {
      log.error('The driver threw while sending.', { instance: message.instanceId, message_id: message.id, error })
      return { outcome: 'unconfirmed' }
    }
  }

  function settle(
    session: SendingSession,
    id: MessageId,
    verdict: Exclude<SendVerdict, { verdict: 'again' | 'ended' }>,
  ): Promise<Message | undefined> {
    if (verdict.verdict === 'sent') return outbox.markSent(session.fence, id)
    return outbox.markFailed(session.fence, id, verdict.failure)
  }

  return {
    start() {
      loop = startLoop({ name: 'outbox', intervalMs: deps.intervalMs, run: turn, log })
    },
    hint: () => loop?.hint(),
    async settled(instanceId, id, waitMs) {
      const { settled, forget } = settlements.next(id, waitMs)
      loop?.hint()
      try {
        const now = await outbox.get(instanceId, id)
        if (now?.status !== 'queued' && now?.status !== 'sending') return now
        await settled
        return await outbox.get(instanceId, id)
      } finally {
        forget()
      }
    },
    async stop() {
      await loop?.stop()
      await Promise.all(inFlight)
      settlements.tellAll()
    },
  }
}
