import { setTimeout as delay } from 'node:timers/promises'
import type { Stage } from '#tests/faults/stage/open-stage.ts'
import type { Fault } from './schedule.ts'

/** Faults on a stage. Each ends by itself after its time; several may run at once. */
export interface Chaos {
  /** Begins; does not wait for its end. */
  strike(fault: Fault): void
  /** Resolves when every fault that was begun has ended. */
  over(): Promise<void>
  /** Ends whatever still runs, now. */
  end(): void
}

export function createChaos(stage: Stage): Chaos {
  const running = new Set<Promise<void>>()
  const ending = new AbortController()
  const { links, database } = stage
  /** How many faults hold a proxy closed: it opens when the last one ends. */
  const closedBy = new Map<object, number>()
  const workerOf = (index: number) => stage.stack.workers[index]

  const wait = (ms: number) => delay(ms, undefined, { signal: ending.signal }).catch(() => undefined)

  async function close(proxies: ReturnType<typeof links.of>, how: 'cut' | 'freeze', forMs: number): Promise<void> {
    for (const proxy of proxies) {
      closedBy.set(proxy, (closedBy.get(proxy) ?? 0) + 1)
      proxy[how]()
    }
    await wait(forMs)
    for (const proxy of proxies) {
      const others = (closedBy.get(proxy) ?? 1) - 1
      closedBy.set(proxy, others)
      if (others === 0) proxy.restore()
    }
  }

  async function run(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'kill': {
        const worker = workerOf(fault.worker)
        if (fault.downMs > 0) worker?.holdDown()
        worker?.kill('SIGKILL')
        await wait(fault.downMs)
        return worker?.release()
      }
      case 'pause': {
        const worker = workerOf(fault.worker)
        worker?.kill('SIGSTOP')
        await wait(fault.forMs)
        return worker?.kill('SIGCONT')
      }
      case 'database-restart': {
        const closed = close([...links.of('worker-database'), ...links.of('edge-database')], 'cut', fault.forMs)
        await database.restart()
        return closed
      }
      default:
        return close(links.of(fault.link, fault.worker), fault.kind, fault.forMs)
    }
  }

  return {
    strike(fault) {
      const work = run(fault).finally(() => running.delete(work))
      running.add(work)
    },
    async over() {
      await Promise.all(running)
    },
    end: () => ending.abort(),
  }
}
