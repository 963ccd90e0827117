import { z } from 'zod'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'

const refusalSchema = z.object({ error: z.object({ message: z.string() }) })

/** Asks the local front for something below `/phone/api`. Throws CallFailed. */
export async function callFront<S extends z.ZodType>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  schema: S,
  body?: object,
): Promise<z.output<S>> {
  let response: Response
  try {
    response = await fetch(`/phone/api${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  } catch (error) {
    throw new CallFailed('NO_CONNECTION', 'The local stack does not answer: does npm start still run?', {
      cause: error,
    })
  }
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined)
  if (!response.ok) {
    const refusal = refusalSchema.safeParse(answer)
    throw new CallFailed('VALIDATION_ERROR', refusal.data?.error.message ?? 'The phone could not do that.')
  }
  return schema.parse(answer)
}
