import { failure } from '#contracts/envelope.ts'
import { ApiError } from '#contracts/errors.ts'
import { newId } from '#contracts/ids.ts'
import type { KeptAnswer } from '#core/ports/idempotency.ts'
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

/**
 * Acts, or repeats the answer of who acted first under this key. Refusals are kept as well; 429 and 5xx are not, because
 * the same request may succeed later. Throws IDEMPOTENCY_MISMATCH, CONFLICT while another acts, and what `act` throws.
 */
export async function actOnce<A extends KeptAnswer>(
  app: Pick<App, 'idempotency' | 'background'>,
  { customerId }: Actor,
  { key, request, requestId, keep }: OnceInput,
  act: () => Promise<A>,
): Promise<{ replayed: false; answer: A } | { replayed: true; answer: KeptAnswer }> {
  const claim = { key, token: newId('request') }
  const begun = await app.idempotency.begin(customerId, { ...claim, requestHash: await requestHash(request) })
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
    const answer = await act()
    await finish(keep(answer))
    return { replayed: false, answer }
  } catch (error) {
    if (error instanceof ApiError && error.status < 500 && error.status !== 429) {
      await finish({ status: error.status, body: failure(error, requestId) })
    } else {
      await app.idempotency
        .forget(customerId, claim)
        .catch(() => app.background.run(() => app.idempotency.forget(customerId, claim)))
    }
    throw error
  }
}
