import { expect, it, vi } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
import { newId } from '#contracts/ids.ts'
import type { Attempt, Deliveries } from '#core/ports/deliveries.ts'
import { createAttemptRecorder } from './attempt-recorder.ts'

function attempt(): Attempt {
  const id = newId('event')
  const event = { id, type: 'webhook.test', timestamp: '', instance_id: null, sequence: null, data: {} } as const
  const endpoint = { endpointId: newId('webhook'), customerId: newId('customer'), url: '', secrets: [] }
  return {
    delivery: { ...endpoint, eventId: id, event, attempts: 0, claimToken: '' },
    result: { status: 200, error: null, durationMs: 1, response: null },
    verdict: { verdict: 'delivered' },
  }
}

/** Answers each statement when told to. */
function scripted() {
  const batches: (readonly Attempt[])[] = []
  const answers: ((error?: unknown) => void)[] = []
  const record: Deliveries['record'] = (attempts) => {
    batches.push(attempts)
    return new Promise((resolve, reject) => {
      answers.push((error) => {
        if (error === undefined) resolve({ kept: attempts.map(() => true), disabled: [] })
        else reject(error)
      })
    })
  }
  return { record, batches, answers }
}

it('records the first at once, and what comes meanwhile in one statement', async () => {
  const { record, batches, answers } = scripted()
  const recorder = createAttemptRecorder({ record })
  const attempts = [attempt(), attempt(), attempt()]
  const recorded = attempts.map((one) => recorder.record(one))
  expect(batches).toEqual([[attempts[0]]])
  answers[0]?.()
  await expect(recorded[0]).resolves.toEqual({ kept: true, disabled: [] })
  await vi.waitFor(() => expect(batches).toEqual([[attempts[0]], [attempts[1], attempts[2]]]))
  answers[1]?.()
  await expect(Promise.all(recorded)).resolves.toHaveLength(3)
})

it('records one by one what fails together, so that one costs no other its record', async () => {
  const poison = attempt()
  const record = vi.fn<Deliveries['record']>(async (attempts) => {
    if (attempts.includes(poison)) throw new Error('invalid byte sequence')
    return { kept: attempts.map(() => true), disabled: [] }
  })
  const recorder = createAttemptRecorder({ record })
  const outcomes = await Promise.allSettled([attempt(), poison, attempt()].map((one) => recorder.record(one)))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

it('does not hammer a database that is away', async () => {
  const away = new ApiError('SERVICE_UNAVAILABLE', 'Away.')
  const record = vi.fn<Deliveries['record']>().mockRejectedValue(away)
  const recorder = createAttemptRecorder({ record })
  const outcomes = await Promise.allSettled([attempt(), attempt(), attempt()].map((one) => recorder.record(one)))
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
  expect(record).toHaveBeenCalledTimes(2)
})
