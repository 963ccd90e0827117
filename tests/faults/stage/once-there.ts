import { ApiError } from '#contracts/errors.ts'
import { ApiRefusal } from '#local/client/api-client.ts'
import { setTimeout as delay } from 'node:timers/promises'

const tries = 30
const pauseMs = 1_000

/** For setting a stage up: tries again while the answer is that something is busy or away, as a busy machine may say. */
export async function onceThere<T>(attempt: (time: number) => Promise<T>): Promise<T> {
  for (let time = 1; ; time += 1) {
    try {
      return await attempt(time)
    } catch (error) {
      if (time === tries || !isPassing(error)) throw error
      await delay(pauseMs)
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof ApiRefusal) return error.status === 429 || error.status >= 500
  if (error instanceof ApiError) return error.code === 'SERVICE_UNAVAILABLE'
  return error instanceof Error && error.name === 'TimeoutError'
}
