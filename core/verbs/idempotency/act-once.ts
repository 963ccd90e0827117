import { failure } from '#contracts/envelope.ts'
import { ApiError } from '#contracts/errors.ts'
import { newId } from '#contracts/ids.ts'
import { ActedBefore, type Effect, type KeptAnswer, type Once } from '#core/ports/idempotency.ts'
import { requestHash, type RequestIdentity } from '#core/rules/request-hash.ts'
import type { Actor, App } from '#core/verbs/app.ts'

export interface OnceInput {
  /** The request's Idempotency-Key. */
  key: string
  /** What the key stands for. */
  request: RequestIdentity
  requestId: string
  /** The answer as it is kept: without what is shown once. */
  keep: (answer: KeptAnswer) => KeptAnswer
}

export interface Act<A extends KeptAnswer> {
  /** Acts; its store writes the effect down under the key. */
  act: (once: Once) => Promise<A>
  /** Only reads: answers once more what was done. */
  tellAgain: (effect: Effect) => Promise<KeptAnswer>
}

/**
 * Acts, or repeats the answer of who acted first under this key. Refusals are kept as well; 429 and 5xx are not, because
 * the same request may succeed later. An effect whose answer was lost is told again and not done again. Throws
 * IDEMPOTENCY_MISMATCH, CONFLICT while another acts, and what `act` and `tellAgain` throw.
 */
export async function actOnce<A extends KeptAnswer>(
  app: Pick<App, 'idempotency' | 'background'>,
  actor: Actor,
  input: OnceInput,
  { act, tellAgain }: Act<A>,
): Promise<{ replayed: false; answer: A } | { replayed: true; answer: KeptAnswer }> {
  const { customerId } = actor
  const { key, request, requestId, keep } = input
  const claim = { key, token: newId('request') }
  const hash = await requestHash(request)
  const begun = await app.idempotency.begin(customerId, { ...claim, requestHash: hash }).catch((error: unknown) => {
    // It may have begun, and only the reply was lost. Given back, a repetition need not wait for the end of the claim.
    app.background.run(() => app.idempotency.release(customerId, claim))
    throw error
  })
  if (begun.outcome === 'finished') return { replayed: true, answer: begun.answer }
  if (begun.outcome === 'mismatch') {
    throw new ApiError('IDEMPOTENCY_MISMATCH', 'This Idempotency-Key was used for another request.')
  }
  if (begun.outcome === 'running') {
    throw new ApiError('CONFLICT', 'A request with this Idempotency-Key is being worked on.', { retryAfterSeconds: 1 })
  }
  const finish = (answer: KeptAnswer) =>
    // It was acted: that the answer could not be kept must not turn it into a failure.
    app.idempotency
      .finish(customerId, claim, answer)
      .catch(() => app.background.run(() => app.idempotency.finish(customerId, claim, answer)))
  try {
    if (begun.outcome === 'acted') {
      const answer = keep(await tellAgain(begun.effect))
      await finish(answer)
      return { replayed: true, answer }
    }
    const answer = await act({ key })
    await finish(keep(answer))
    return { replayed: false, answer }
  } catch (error) {
    // Whoever began earlier was slow, not dead, and its effect is there now.
    if (error instanceof ActedBefore) return actOnce(app, actor, input, { act, tellAgain })
    if (error instanceof ApiError && error.status < 500 && error.status !== 429) {
      await finish({ status: error.status, body: failure(error, requestId) })
    } else {
      await app.idempotency
        .release(customerId, claim)
        .catch(() => app.background.run(() => app.idempotency.release(customerId, claim)))
    }
    throw error
  }
}
