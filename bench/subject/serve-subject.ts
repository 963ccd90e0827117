import { serveCalls } from '#bench/processes/serve-calls.ts'
import { forEachSome } from './for-each-some.ts'
import { measureCurve } from './curve-costs.ts'
import { createMeter, measureMemory, type Meter } from './measure.ts'
import type { OpenVariant, Session, Variant } from './session.ts'
import type { Account, RunCalls, SubjectCalls } from './subject-calls.ts'

const pairedAtOnce = 4
/** As many as the worker lets be between their opening and what comes of it. */
const openedAtOnce = 20

/** The main function of a measured process: does what the run tells it, on sessions of one variant. */
export function serveSubject(openVariant: OpenVariant): void {
  const sessions = new Map<string, Session>()
  let variant: Variant | undefined
  let meter: Meter = createMeter(undefined)

  function addSession(account: Account): Session {
    if (variant === undefined) throw new Error('start() comes first.')
    const session = variant.session(account)
    sessions.set(account.phoneNumber, session)
    return session
  }

  function sessionOf(phoneNumber: string): Session {
    const session = sessions.get(phoneNumber)
    if (session === undefined) throw new Error(`${phoneNumber} has no session here.`)
    return session
  }

  const calls: SubjectCalls = {
    async start(settings) {
      variant = openVariant(settings)
      meter = createMeter(settings.profileFolder)
    },
    pair: (accounts) =>
      forEachSome(accounts, pairedAtOnce, (account) =>
        addSession(account).pair((qr) => run.scan(account.phoneNumber, qr)),
      ),
    async open(accounts) {
      const [startedAt, cpu] = [performance.now(), process.cpuUsage()]
      await forEachSome(accounts, openedAtOnce, (account) => addSession(account).open())
      const now = performance.now()
      const { user, system } = process.cpuUsage(cpu)
      return { sinceProcessStartMs: now, sinceCallMs: now - startedAt, cpuMs: (user + system) / 1000 }
    },
    async send(lanes) {
      const prepared = await Promise.all(lanes.map(({ from, to }) => sessionOf(from).prepare(to)))
      await meter.start()
      await Promise.all(prepared.map(oneAfterTheOther))
      return meter.stop()
    },
    async pingPong(from, to, pairs) {
      const session = sessionOf(from)
      const pings = await session.prepare(Array.from({ length: pairs }, () => to))
      await meter.start()
      await oneAfterTheOther(pings.map((ping) => async () => void (await Promise.all([session.nextMessage(), ping()]))))
      return meter.stop()
    },
    startMeasuring: () => meter.start(),
    stopMeasuring: () => meter.stop(),
    memory: measureMemory,
    curve: async (signatures, agreements) => measureCurve(signatures, agreements),
    async close() {
      await Promise.all([...sessions.values()].map((session) => session.close()))
      await variant?.close()
    },
  }
  const run = serveCalls<RunCalls>(calls)
}

async function oneAfterTheOther(sends: readonly (() => Promise<void>)[]): Promise<void> {
  for (const send of sends) await send()
}
