import type { InstanceId } from '#contracts/ids.ts'
import type { WorkerStores } from '#worker-node/metrics/measure-stores.ts'

/**
 * Places in a worker where it can be killed: before or after a call of a store that is about the armed instance. What lies
 * between, the simulator, the proxies and the rig do from outside.
 */
const places = {
  O4: { store: 'outbox', method: 'heads', when: 'after' },
  O5: { store: 'sessionKeys', method: 'commit', when: 'before' },
  O6: { store: 'sessionKeys', method: 'commit', when: 'after' },
  O8: { store: 'outbox', method: 'markSent', when: 'before' },
  I1: { store: 'sessionKeys', method: 'findJournaled', when: 'before' },
  I2: { store: 'sessionKeys', method: 'commit', when: 'before' },
  I3: { store: 'sessionKeys', method: 'commit', when: 'after' },
  I4: { store: 'inbound', method: 'project', when: 'before' },
  I5: { store: 'inbound', method: 'project', when: 'after' },
  I6: { store: 'deliveries', method: 'record', when: 'before' },
} as const

export type WorkerCrashPoint = keyof typeof places

/** What the rig sends to a worker: dies at this point of this instance, or stays there until the rig kills it. */
export interface ArmCrashPoint {
  arm: WorkerCrashPoint
  instanceId: InstanceId
  how: 'die' | 'stay'
}

/** What the worker answers. */
export type CrashPointReport = { armed: WorkerCrashPoint } | { reached: WorkerCrashPoint }

export interface CrashPoints {
  listen(message: unknown): void
  wrap(stores: WorkerStores): WorkerStores
}

type Call = (...args: unknown[]) => Promise<unknown>

export function createCrashPoints(): CrashPoints {
  let armed: ArmCrashPoint | undefined

  /** Never returns once the point is reached. */
  async function pass(point: WorkerCrashPoint, isIt: (instanceId: InstanceId) => boolean): Promise<void> {
    if (armed?.arm !== point || !isIt(armed.instanceId)) return
    if (armed.how === 'die') process.kill(process.pid, 'SIGKILL')
    process.send?.({ reached: point } satisfies CrashPointReport)
    await new Promise(() => {})
  }

  return {
    listen(message) {
      if (typeof message !== 'object' || message === null || !('arm' in message)) return
      armed = message as ArmCrashPoint
      process.send?.({ armed: armed.arm } satisfies CrashPointReport)
    },
    wrap(stores) {
      const wrapped: Record<string, object> = { ...stores }
      for (const [point, { store, method, when }] of Object.entries(places) as [WorkerCrashPoint, Place][]) {
        const calls = wrapped[store] as Record<string, Call>
        const call = calls[method]
        if (call === undefined) throw new Error(`There is no ${store}.${method} any more.`)
        wrapped[store] = {
          ...calls,
          async [method](...args: unknown[]) {
            const isIt = (result?: unknown) => (instanceId: InstanceId) => concerns(point, instanceId, args, result)
            if (when === 'before') await pass(point, isIt())
            const result = await call(...args)
            if (when === 'after') await pass(point, isIt(result))
            return result
          },
        }
      }
      return wrapped as unknown as WorkerStores
    },
  }
}

type Place = (typeof places)[WorkerCrashPoint]

interface Known {
  instanceId?: InstanceId
  sending?: readonly unknown[]
  journal?: readonly unknown[]
  event?: { instance_id: string | null; type: string }
  message?: { instanceId: InstanceId }
}

/** Whether this call is the step of the armed instance that the point is about. */
function concerns(point: WorkerCrashPoint, instanceId: InstanceId, args: unknown[], result: unknown): boolean {
  const [first, second] = args as [Known | string, Known | undefined]
  const of = typeof first === 'string' ? first : first.instanceId
  switch (point) {
    case 'O4':
      return (result as Known[]).some(({ message }) => message?.instanceId === instanceId)
    case 'O5':
    case 'O6':
      return of === instanceId && (second?.sending?.length ?? 0) > 0
    case 'I2':
    case 'I3':
      return of === instanceId && (second?.journal?.length ?? 0) > 0
    case 'I6':
      return (first as Known).event?.instance_id === instanceId && (first as Known).event?.type === 'message.received'
    default:
      return of === instanceId
  }
}
