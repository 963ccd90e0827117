import { ApiError } from '#contracts/errors.ts'
import type { Attempt, Deliveries, RecordOutcome } from '#core/ports/deliveries.ts'

/** Most attempts of one statement. */
const maxBatch = 100

export interface Recorded {
  /** False when the claim was lost: nothing was moved. */
  kept: boolean
  disabled: RecordOutcome['disabled']
}

/** Records attempts: one at once, and what comes while a statement is on its way together in the next one. */
export interface AttemptRecorder {
  /** Rejects when the attempt could not be recorded. */
  record(attempt: Attempt): Promise<Recorded>
}

interface Waiting {
  attempt: Attempt
  resolve: (recorded: Recorded) => void
  reject: (error: unknown) => void
}

export function createAttemptRecorder(deliveries: Pick<Deliveries, 'record'>): AttemptRecorder {
  let waiting: Waiting[] = []
  let isRecording = false

  async function recordBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const { kept, disabled } = await deliveries.record(batch.map(({ attempt }) => attempt))
      for (const [index, { attempt, resolve }] of batch.entries()) {
        const { endpointId } = attempt.delivery
        resolve({ kept: kept[index] === true, disabled: disabled.filter((one) => one.endpointId === endpointId) })
      }
    } catch (error) {
      const isAway = error instanceof ApiError && error.code === 'SERVICE_UNAVAILABLE'
      if (batch.length === 1 || isAway) for (const { reject } of batch) reject(error)
      // One that the database does not take, or a deadlock, must not cost the others their record.
      else for (const one of batch) await recordBatch([one])
    }
  }

  async function recordAll(): Promise<void> {
    isRecording = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch)
      waiting = waiting.slice(maxBatch)
      await recordBatch(batch)
    }
    isRecording = false
  }

  return {
    record(attempt) {
      return new Promise((resolve, reject) => {
        waiting.push({ attempt, resolve, reject })
        if (!isRecording) void recordAll()
      })
    },
  }
}
