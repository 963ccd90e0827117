import { setTimeout as delay } from 'node:timers/promises'
import { parseText, textOf, type ApiAttempt } from '#tests/faults/history/histories.ts'
import type { Stage, StageChat, StageSession } from '#tests/faults/stage/open-stage.ts'
import { sendUntilAnswered } from '#tests/faults/traffic/api-sender.ts'
import type {
  ArmCrashPoint,
  CrashPointReport,
  DisarmCrashPoint,
  WorkerCrashPoint,
} from '#tests/faults/worker/crash-points.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { WorkerProcess } from '#local/stack/worker-process.ts'

/** Generous: nothing here is about speed, and the machine may do other things. */
const arriveMs = 120_000
const intervalMs = 20

/** A text that is on its way. */
export interface Sent {
  body: string
  /** The Idempotency-Key of an outbound text: it appears in no other request. */
  key: string
  /** Of an inbound text. */
  waMessageId: string
}

/** One chat of one session at one crash point, and what can be done to it. */
export interface CrashScene {
  stage: Stage
  session: StageSession
  chat: StageChat
  /** The worker that owns the session now. */
  worker: WorkerProcess
  /** Names the next outbound text before it is sent, so that a proxy can look for its key. */
  prepareOut(): Sent
  /** Resolves when the API has accepted it, however often that takes. */
  sendOut(text: Sent): Promise<void>
  shownAtPhone(text: Sent): Promise<void>
  /** The contact writes the next text, to the instance or to the chat's group; again under the same id when `text` is given. */
  writeIn(text?: Sent): Promise<Sent>
  hasReceipt(text: Sent): boolean
  receipted(text: Sent): Promise<void>
  takenByEndpoint(text: Sent): Promise<void>
  /** Resolves when the worker has armed it. */
  arm(point: WorkerCrashPoint, how: ArmCrashPoint['how']): Promise<void>
  /** For a point that any worker may come to, not just the owner: resolves when all have armed it. They die there. */
  armEverywhere(point: WorkerCrashPoint): Promise<void>
  /** Resolves when the worker has come to the armed point and stays there. */
  reached(): Promise<void>
  /** Resolves when another process runs in place of the killed one, and no worker dies of the armed point any more. */
  restarted(): Promise<void>
  /** Resolves when another worker owns the session and has it connected. */
  ownedByAnother(): Promise<void>
  /** Resolves when two ciphertexts of the message are in the journal. */
  journaledTwice(text: Sent): Promise<void>
  /** Resolves when no message of the session waits for its ack. */
  settled(): Promise<void>
  pause(ms: number): Promise<void>
}

/** What all scenes of a run share. */
export interface SceneState {
  api: ApiAttempt[]
  taken: Set<string>
  numbers: Map<string, number>
  signal: AbortSignal
}

export async function openScene(
  stage: Stage,
  state: SceneState,
  session: StageSession,
  chat: StageChat,
): Promise<CrashScene> {
  const worker = await ownerOf(stage, session, state.signal)
  /** The runs that may die, as they were when the scene began. */
  const armed = new Map([[worker, worker.pid()]])
  const reports: CrashPointReport[] = []
  worker.onMessage((message) => {
    if (isReport(message)) reports.push(message)
  })
  const until = async (what: string, condition: () => boolean | Promise<boolean>) => {
    await waitFor(() => state.signal.aborted || condition(), { what, timeoutMs: arriveMs, intervalMs })
    state.signal.throwIfAborted()
  }

  function next(way: 'out' | 'in'): Sent {
    const number = (state.numbers.get(`${way} ${chat.name}`) ?? 0) + 1
    state.numbers.set(`${way} ${chat.name}`, number)
    return { body: textOf({ way, chat: chat.name, number }), key: `crash-${chat.name}-${number}-end`, waMessageId: '' }
  }

  const hasReceipt = ({ waMessageId }: Sent) =>
    chat.contact.sentStatus(waMessageId)?.deliveredTo.some((jid) => jid.includes(':')) ?? false

  return {
    stage,
    session,
    chat,
    worker,
    prepareOut: () => next('out'),
    async sendOut({ body, key }) {
      const order = { apiKey: session.apiKey, instanceId: session.instanceId, to: chat.contact.phoneNumber, key, body }
      await sendUntilAnswered(stage.apiUrl, order, { history: state.api, signal: state.signal })
    },
    shownAtPhone: ({ body }) =>
      until(`"${body}" on the phone`, () =>
        chat.contact.shown(session.own.phoneNumber).some((message) => message.body === body),
      ),
    async writeIn(text = next('in')) {
      const again = text.waMessageId === '' ? {} : { id: text.waMessageId }
      const { contact, group } = chat
      const { phoneNumber } = session.own
      const { id } = await (group === undefined
        ? contact.sendText(phoneNumber, text.body, again)
        : contact.sendGroupText({ jid: group, members: [phoneNumber] }, text.body, again))
      return { ...text, waMessageId: id }
    },
    hasReceipt,
    receipted: (text) => until(`the receipt of "${text.body}"`, () => hasReceipt(text)),
    takenByEndpoint: ({ body }) => until(`"${body}" at the endpoint`, () => state.taken.has(body)),
    async arm(point, how) {
      worker.send({ arm: point, instanceId: session.instanceId, how } satisfies ArmCrashPoint)
      await until(`${point} to be armed`, () => reports.some((report) => 'armed' in report && report.armed === point))
    },
    reached: () => until('the crash point', () => reports.some((report) => 'reached' in report)),
    async armEverywhere(point) {
      const { workers } = stage.stack
      const told = new Set<WorkerProcess>()
      for (const one of workers) {
        armed.set(one, one.pid())
        one.onMessage((message) => {
          if (isReport(message) && 'armed' in message) told.add(one)
        })
      }
      // Again and again: a worker of an earlier kill may be about to start.
      await until(`${point} to be armed by all`, () => {
        for (const one of workers) {
          if (told.has(one)) continue
          armed.set(one, one.pid())
          one.send({ arm: point, instanceId: session.instanceId, how: 'die' } satisfies ArmCrashPoint)
        }
        return told.size === workers.length
      })
    },
    async restarted() {
      await until('the next process', () => [...armed].some(([one, pid]) => one.pid() !== pid))
      for (const one of armed.keys()) one.send({ disarm: true } satisfies DisarmCrashPoint)
    },
    ownedByAnother: () =>
      until('another owner', async () => ![undefined, worker].includes(await currentOwner(stage, session))),
    journaledTwice: ({ waMessageId }) =>
      until('both ciphertexts in the journal', async () => {
        const [row] = await stage.database.query<{ rows: string }>(
          'SELECT count(*) AS rows FROM inbound_journal WHERE instance_id = $1 AND wa_message_id = $2',
          [session.instanceId, waMessageId],
        )
        return row?.rows === '2'
      }),
    settled: () =>
      until('the ack', async () => {
        const [row] = await stage.database.query<{ open: string }>(
          "SELECT count(*) AS open FROM messages WHERE instance_id = $1 AND status IN ('queued', 'sending')",
          [session.instanceId],
        )
        return row?.open === '0'
      }),
    pause: (ms) => delay(ms, undefined, { signal: state.signal }),
  }
}

/** Workers say other things too, such as that they are ready. */
function isReport(message: unknown): message is CrashPointReport {
  return typeof message === 'object' && message !== null && ('armed' in message || 'reached' in message)
}

/** The worker that owns the session and has it connected, as soon as one does. */
async function ownerOf(stage: Stage, session: StageSession, signal: AbortSignal): Promise<WorkerProcess> {
  const owner = await waitFor(async () => (signal.aborted ? 'aborted' : await currentOwner(stage, session)), {
    what: `the owner of ${session.instanceId}`,
    timeoutMs: arriveMs,
    intervalMs: 50,
  })
  if (owner === 'aborted') throw signal.reason
  return owner
}

async function currentOwner(
  { database, stack, simulator }: Stage,
  session: StageSession,
): Promise<WorkerProcess | undefined> {
  const [lease] = await database.query<{ server_id: string }>(
    `SELECT s.id AS server_id FROM instance_leases l JOIN instances i ON i.id = l.instance_id
      JOIN servers s ON s.incarnation = l.owner_incarnation AND s.lease_expires_at > clock_timestamp()
    WHERE l.instance_id = $1 AND i.state = 'connected'`,
    [session.instanceId],
  )
  const isLive = simulator
    .connections()
    .some(({ phoneNumber, state }) => phoneNumber === session.own.phoneNumber && state === 'active')
  return isLive ? stack.workers.find(({ serverId }) => serverId === lease?.server_id) : undefined
}

/** The rig's own texts that healthy endpoints have taken. */
export function noteTaken(stage: Stage): Set<string> {
  const taken = new Set<string>()
  stage.endpoints.onTaken((body) => {
    if (parseText(body) !== undefined) taken.add(body)
  })
  return taken
}
