import type { KeptAnswer } from '#core/ports/idempotency.ts'
import type { Actor } from '#core/verbs/app.ts'
import { actOnce } from '#core/verbs/idempotency/act-once.ts'
import type { AnyAnswer, AnyCall, JsonAnswer, Route } from './define-route.ts'

const kept = { 'whole-answer': (answer: KeptAnswer) => answer, 'hides-secret': withoutSecret }

/** Calls the route; where its policy says so, a request with an `Idempotency-Key` acts once. */
export async function runOnce(route: Route, received: Omit<AnyCall, 'once'>): Promise<AnyAnswer> {
  const { policy } = route
  const call: AnyCall = { ...received, once: undefined }
  const key = (call.headers as { 'idempotency-key'?: string })['idempotency-key']
  const idempotent = policy.auth === 'api-key' ? policy.idempotent : undefined
  if (
    key === undefined ||
    (idempotent !== 'whole-answer' && idempotent !== 'hides-secret') ||
    route.tellAgain === undefined
  )
    return route.handle(call)
  const keep = kept[idempotent]
  const tellAgain = route.tellAgain.bind(route, call)
  const { services, request, requestId } = call
  const input = { key, request, requestId, keep }
  const once = await actOnce(services, call.actor as Actor, input, {
    act: async (once) => jsonOf(await route.handle({ ...call, once })),
    tellAgain: async (effect) => jsonOf(await tellAgain(effect)),
  })
  return once.replayed ? { ...once.answer, headers: { 'Idempotent-Replayed': 'true' } } : once.answer
}

function jsonOf(answer: AnyAnswer): JsonAnswer {
  if ('written' in answer) throw new Error('Only JSON can be kept for repetitions.')
  return answer
}

/** A secret is shown once and kept nowhere in clear: a repetition says that it is not shown. */
function withoutSecret({ status, body }: KeptAnswer): KeptAnswer {
  const { data, ...envelope } = body as { data: Record<string, unknown> }
  const { secret: _secret, ...shown } = data
  return { status, body: { ...envelope, data: { ...shown, secret_shown: false } } }
}
