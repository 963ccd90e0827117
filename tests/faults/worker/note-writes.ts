import { writeSync } from 'node:fs'
import type { Fence } from '#core/ports/session-leases.ts'
import type { FencedWrite } from '#tests/faults/history/histories.ts'
import type { WorkerStores } from '#worker-node/metrics/measure-stores.ts'

/** Writes that only the owner of a session may do; the first argument of each is the fence. */
const fenced = {
  sessionKeys: ['commit', 'erase'],
  sessionLeases: ['reportState', 'reportQr'],
  outbox: ['markSent', 'markFailed', 'limitSending', 'applyReceipt'],
} as const satisfies Partial<{ [Store in keyof WorkerStores]: readonly (keyof WorkerStores[Store])[] }>

/** The same stores; each fenced write that the database took becomes a line in `file`, at once, so that a kill loses none. */
export function noteWrites(stores: WorkerStores, file: number): WorkerStores {
  const noted: Record<string, object> = { ...stores }
  for (const [store, methods] of Object.entries(fenced)) {
    const calls = noted[store] as Record<string, (fence: Fence, ...rest: unknown[]) => Promise<unknown>>
    noted[store] = { ...calls, ...Object.fromEntries(methods.map((name) => [name, noting(name, calls[name])])) }
  }
  return noted as unknown as WorkerStores

  function noting(operation: string, call: ((fence: Fence, ...rest: unknown[]) => Promise<unknown>) | undefined) {
    return async (fence: Fence, ...rest: unknown[]) => {
      const startedMs = performance.timeOrigin + performance.now()
      const outcome = await call?.(fence, ...rest)
      const { instanceId, epoch } = fence
      writeSync(file, `${JSON.stringify({ startedMs, operation, instanceId, epoch } satisfies FencedWrite)}\n`)
      return outcome
    }
  }
}
