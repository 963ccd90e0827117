import { beforeEach, expect, it, vi } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
import { ActedBefore, type Effect, type KeptAnswer } from '#core/ports/idempotency.ts'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import { seedActor } from '#core/testing/seed-actor.ts'
import type { Actor } from '#core/verbs/app.ts'
import { actOnce, type OnceInput } from './act-once.ts'

let app: MemoryApp
let actor: Actor
beforeEach(async () => {
  app = createMemoryApp()
  actor = await seedActor(app.seed)
})

const answer: KeptAnswer = { status: 201, body: { success: true, data: { id: 1 } } }
const act = vi.fn(async () => answer)
const tellAgain = vi.fn(async (effect: Effect): Promise<KeptAnswer> => ({ status: 201, body: { told: effect } }))
beforeEach(() => act.mockReset().mockResolvedValue(answer))

/** What the store of an effect writes in its transaction. */
const writeEffect = (effect: Effect) =>
  app.seed.update('idempotentRequests', { customerId: actor.customerId }, { timesActed: 1, effect })

function once(values: Partial<OnceInput> = {}) {
  const request = { method: 'POST', path: '/a', body: { name: 'a' } }
  return actOnce(
    app,
    actor,
    { key: 'k', request, requestId: 'req_1', keep: (kept) => kept, ...values },
    { act, tellAgain },
  )
}

it('acts once and repeats the answer', async () => {
  expect(await once()).toEqual({ replayed: false, answer })
  expect(await once()).toEqual({ replayed: true, answer })
  expect(act).toHaveBeenCalledOnce()
})

it('refuses another body or path, and who comes while the first acts', async () => {
  let finish = (_answer: KeptAnswer) => {}
  act.mockReturnValueOnce(new Promise((resolve) => (finish = resolve)))
  const first = once()
  await vi.waitFor(() => expect(act).toHaveBeenCalled())
  await expect(once()).rejects.toMatchObject({ code: 'CONFLICT', retryAfterSeconds: 1 })
  await expect(once({ request: { method: 'POST', path: '/b', body: { name: 'a' } } })).rejects.toMatchObject({
    code: 'IDEMPOTENCY_MISMATCH',
  })
  finish(answer)
  expect(await first).toEqual({ replayed: false, answer })
  expect(act).toHaveBeenCalledOnce()
})

it('keeps a refusal and repeats it as it was told', async () => {
  act.mockRejectedValueOnce(new ApiError('INSTANCE_LIMIT_REACHED', 'The plan allows 1 instance.'))
  await expect(once()).rejects.toMatchObject({ code: 'INSTANCE_LIMIT_REACHED' })
  expect(await once({ requestId: 'req_2' })).toMatchObject({
    replayed: true,
    answer: { status: 403, body: { success: false, error: { code: 'INSTANCE_LIMIT_REACHED', request_id: 'req_1' } } },
  })
})

it.each([
  new ApiError('NO_CAPACITY', 'Full.'),
  new ApiError('RATE_LIMIT_EXCEEDED', 'Slower.'),
  new Error('A mistake of ours.'),
])('does not keep %s', async (failure) => {
  act.mockRejectedValueOnce(failure)
  await expect(once()).rejects.toBe(failure)
  expect(await once()).toEqual({ replayed: false, answer })
})

it('gives back a key whose claim was taken and whose reply was lost', async () => {
  const begin = app.idempotency.begin.bind(app.idempotency)
  vi.spyOn(app.idempotency, 'begin').mockImplementationOnce(async (...request) => {
    await begin(...request)
    throw new ApiError('SERVICE_UNAVAILABLE', 'The reply was lost.')
  })
  await expect(once()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  await app.background.settled()
  expect(await once()).toEqual({ replayed: false, answer })
})

it('answers what was done although it could not be kept, and tries to keep it once more', async () => {
  vi.spyOn(app.idempotency, 'finish').mockRejectedValueOnce(new ApiError('SERVICE_UNAVAILABLE', 'Away.'))
  expect(await once()).toEqual({ replayed: false, answer })
  await app.background.settled()
  expect(await once()).toEqual({ replayed: true, answer })
})

it('tells again what was done when its answer was lost, without a secret, and keeps that', async () => {
  act.mockImplementationOnce(async () => {
    await writeEffect({ id: 'ins_1' })
    throw new ApiError('SERVICE_UNAVAILABLE', 'The reply was lost.')
  })
  const keep = ({ status }: KeptAnswer) => ({ status, body: 'without a secret' })
  await expect(once({ keep })).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  const told = { replayed: true, answer: { status: 201, body: 'without a secret' } }
  expect(await once({ keep })).toEqual(told)
  expect(await once({ keep })).toEqual(told)
  expect(act).toHaveBeenCalledOnce()
  expect(tellAgain).toHaveBeenCalledExactlyOnceWith({ id: 'ins_1' })
})

it('tells what another did meanwhile who was taken for dead', async () => {
  act.mockImplementationOnce(async () => {
    await writeEffect({ id: 'ins_1' })
    throw new ActedBefore()
  })
  expect(await once()).toEqual({ replayed: true, answer: { status: 201, body: { told: { id: 'ins_1' } } } })
  expect(act).toHaveBeenCalledOnce()
})

it('keeps a key for its request also after a failure', async () => {
  act.mockRejectedValueOnce(new ApiError('SERVICE_UNAVAILABLE', 'Away.'))
  await expect(once()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  await expect(once({ request: { method: 'POST', path: '/b', body: {} } })).rejects.toMatchObject({
    code: 'IDEMPOTENCY_MISMATCH',
  })
})
