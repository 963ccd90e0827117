import type { InstanceId, MessageId } from '#contracts/ids.ts'
import { outboundContentSchema } from '#contracts/message-content.ts'
import type { SendOutcome, SendRequest } from '#core/ports/driver.ts'
import type { Message } from '#core/ports/messages.ts'
import type { Outbox, OutboxEntry } from '#core/ports/outbox.ts'
import type { DefaultPace } from '#core/rules/pacing.ts'
import { limitOfRefusal } from '#core/rules/sending-limits.ts'
import { afterAttempt, type SendVerdict } from '#core/rules/send-outcome.ts'
import type { Log } from '#worker-node/log.ts'
import { startLoop, type Loop } from '#worker-node/loop.ts'
import { untilWritten, type FencedSession } from '#worker-node/sessions/until-written.ts'
import { createLanes, type Head } from './lanes.ts'
import { createLooks } from './looks.ts'
import { createPacer } from './pacer.ts'
import { createSettlements } from './settlements.ts'

/** Messages of one instance that are on their way at a time: what is queued beyond waits in the database. */
const mostInFlight = 64

/** What the outbox needs of a session. */
export interface SendingSession extends FencedSession {
  readonly connected: boolean
  readonly connects: number
  send(request: SendRequest): Promise<SendOutcome>
}

/**
 * Sends what the outbox holds for the connected sessions: per chat one message at a time, chats beside each other, first
 * messages to new chats at their pace. The database's heads are the truth and are read at least once a second; a hint only
 * makes it sooner.
 */
export interface OutboxSender {
  start(): void
  /** Something, perhaps this message, may be ready to leave. */
  hint(message?: MessageId): void
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
  defaultPace: DefaultPace
  /** In [0, 1). */
  random: () => number
  log: Log
  /** A message and its event became durable. */
  onSettled: () => void
}): OutboxSender {
  const { outbox, log } = deps
  const lanes = createLanes()
  const looks = createLooks()
  const pacer = createPacer(deps)
  const settlements = createSettlements()
  const inFlight = new Set<Promise<void>>()
  let loop: Loop | undefined
  let wakeUp: ReturnType<typeof setTimeout> | undefined

  async function turn(): Promise<void> {
    const connected = new Map(
      deps.sessions().flatMap((session) => (session.connected ? [[session.instanceId, session] as const] : [])),
    )
    const instances = new Set(connected.keys())
    pacer.follow(instances)
    const asked = looks.next(instances, (instanceId) => lanes.inFlight(instanceId) < mostInFlight)
    if (asked.looks.length === 0) return
    // Under load most heads are on their way, and reading them again at each look was most of what looks cost.
    const heads = await outbox.heads(asked.looks, { ...asked, busy: lanes.busy() })
    const unfinished = looks.looked(asked.looks, heads.next)
    let goOn = false
    let soonestMs = deps.intervalMs
    for (const entry of heads.entries) {
      const { instanceId } = entry.message
      const session = connected.get(instanceId)
      const waitMs = session?.connected === true ? dispatch(session, entry) : undefined
      if (waitMs === 0 && unfinished.has(instanceId)) goOn = true
      if (waitMs !== undefined && waitMs > 0) soonestMs = Math.min(soonestMs, waitMs)
    }
    if (goOn) loop?.hint()
    clearTimeout(wakeUp)
    if (soonestMs < deps.intervalMs) wakeUp = setTimeout(() => loop?.hint(), soonestMs)
  }

  /** 0 when it leaves now, else the milliseconds that its pace lets it wait; undefined when it waits for something else. */
  function dispatch(session: SendingSession, entry: OutboxEntry): number | undefined {
    const { id: messageId, instanceId, chat } = entry.message
    const head = { instanceId, chat, messageId, connects: session.connects }
    if (!lanes.isFree(head) || lanes.inFlight(instanceId) >= mostInFlight) return undefined
    const waitMs = pacer.take(entry)
    if (waitMs > 0) return waitMs
    const work = deliver(session, entry, head, lanes.take(head)).finally(() => inFlight.delete(work))
    inFlight.add(work)
    return 0
  }

  /** One attempt and what follows from it. Never rejects. */
  async function deliver(session: SendingSession, entry: OutboxEntry, head: Head, unconfirmed: number): Promise<void> {
    const outcome = await attempt(session, entry)
    if (outcome.outcome === 'refused') await noteLimit(session, outcome.code)
    const verdict = afterAttempt(outcome, unconfirmed)
    log.debug('A message was attempted.', {
      instance: session.instanceId,
      message_id: entry.message.id,
      attempt: entry.attempts + 1,
      outcome: outcome.outcome,
      ...(outcome.outcome === 'refused' ? { code: outcome.code } : {}),
    })
    if (verdict.verdict === 'again') {
      lanes.again(head, verdict.afterMs)
      // Otherwise a look at the usual interval comes soon enough.
      if (verdict.afterMs === 0) loop?.hint()
      return
    }
    if (verdict.verdict === 'ended') {
      // Should it be the head again all the same, it waits for the next look at the usual interval.
      lanes.again(head, deps.intervalMs)
      settlements.tell(entry.message.id)
      loop?.hint()
      return
    }
    await untilWritten(session, log, () => settle(session, entry.message.id, verdict))
    lanes.done(head)
    settlements.tell(entry.message.id)
    deps.onSettled()
    loop?.hint()
  }

  /** Before the message is ended, so that a crash in between loses no limit, only repeats the attempt. */
  async function noteLimit(session: SendingSession, code: number): Promise<void> {
    const reason = limitOfRefusal(code)
    if (reason === undefined) return
    log.warn('WhatsApp limits what an instance may send.', { instance: session.instanceId, code, reason })
    await untilWritten(session, log, () => outbox.limitSending(session.fence, reason))
    deps.onSettled()
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

  function hint(message?: MessageId): void {
    if (message !== undefined) looks.hint(message)
    loop?.hint()
  }

  return {
    start() {
      loop = startLoop({ name: 'outbox', intervalMs: deps.intervalMs, run: turn, log })
    },
    hint,
    async settled(instanceId, id, waitMs) {
      const { settled, forget } = settlements.next(id, waitMs)
      hint(id)
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
      clearTimeout(wakeUp)
      await Promise.all(inFlight)
      settlements.tellAll()
    },
  }
}
