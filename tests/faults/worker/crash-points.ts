import type { InstanceId } from '#contracts/ids.ts'
import type { JournalEntry } from '#core/ports/session-keys.ts'
import type { WorkerStores } from '#worker-node/metrics/measure-stores.ts'

/**
 * Places in a worker where it can be killed: before or after a call of a store that is about the armed instance. What lies
 * between, the simulator, the proxies and the rig do from outside.
 */
export type WorkerCrashPoint = 'O4' | 'O5' | 'O6' | 'O8' | 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7'

/** What the rig sends to a worker: dies at this point of this instance, or stays there until the rig kills it. */
export interface ArmCrashPoint {
  arm: WorkerCrashPoint
  instanceId: InstanceId
  how: 'die' | 'stay'
}

/** What the rig sends to a worker that shall die nowhere any more. */
export interface DisarmCrashPoint {
  disarm: true
}

/** What the worker answers. */
export type CrashPointReport = { armed: WorkerCrashPoint } | { reached: WorkerCrashPoint }

export interface CrashPoints {
  listen(message: unknown): void
  wrap(stores: WorkerStores): WorkerStores
}

export function createCrashPoints(): CrashPoints {
  let armed: ArmCrashPoint | undefined

  /** Never returns when the armed point is reached. */
  async function pass(point: WorkerCrashPoint, concerned: readonly (InstanceId | null)[]): Promise<void> {
    if (armed?.arm !== point || !concerned.includes(armed.instanceId)) return
    if (armed.how === 'die') process.kill(process.pid, 'SIGKILL')
    process.send?.({ reached: point } satisfies CrashPointReport)
    await new Promise(() => {})
  }

  return {
    listen(message) {
      if (typeof message !== 'object' || message === null) return
      if ('disarm' in message) armed = undefined
      if (!('arm' in message)) return
      armed = message as ArmCrashPoint
      process.send?.({ armed: armed.arm } satisfies CrashPointReport)
    },
    wrap: ({ outbox, sessionKeys, inbound, deliveries, ...rest }) => ({
      ...rest,
      outbox: {
        ...outbox,
        async heads(...args) {
          const heads = await outbox.heads(...args)
          await pass(
            'O4',
            heads.entries.map(({ message }) => message.instanceId),
          )
          return heads
        },
        async markSent(fence, id) {
          await pass('O8', [fence.instanceId])
          return outbox.markSent(fence, id)
        },
      },
      sessionKeys: {
        ...sessionKeys,
        async findJournaled(instanceId, hash) {
          await pass('I1', [instanceId])
          return sessionKeys.findJournaled(instanceId, hash)
        },
        async commit(fence, change) {
          const sends = (change.sending?.length ?? 0) > 0 ? [fence.instanceId] : []
          const receives = (change.journal?.length ?? 0) > 0 ? [fence.instanceId] : []
          const learnsGroupKey = change.journal?.some(isKeyOfGroup) ? [fence.instanceId] : []
          await pass('O5', sends)
          await pass('I2', receives)
          const became = await sessionKeys.commit(fence, change)
          await pass('O6', sends)
          await pass('I3', receives)
          await pass('I7', learnsGroupKey)
          return became
        },
      },
      inbound: {
        ...inbound,
        async projectAll(projections) {
          await pass(
            'I4',
            projections.map(({ row }) => row.instanceId),
          )
          const areNew = await inbound.projectAll(projections)
          await pass(
            'I5',
            projections.flatMap(({ row }, index) => (areNew[index] === true ? [row.instanceId] : [])),
          )
          return areNew
        },
      },
      deliveries: {
        ...deliveries,
        async record(attempts) {
          const received = attempts.filter(({ delivery }) => delivery.event.type === 'message.received')
          await pass(
            'I6',
            received.map(({ delivery }) => delivery.event.instance_id),
          )
          return deliveries.record(attempts)
        },
      },
    }),
  }
}

/** The first ciphertext of a group's stanza, in the session with its writer; its text is in the second one. */
function isKeyOfGroup({ stanza }: JournalEntry): boolean {
  return stanza['participant'] !== undefined && stanza['enc_type'] !== 'skmsg'
}
