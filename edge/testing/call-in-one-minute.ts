import { waitFor } from '#local/testing/wait-for.ts'

/**
 * Calls so many times within one minute of the clock, because across its end a window slides and lets a few more through. In
 * small groups: the local engine is slow enough to be left alone when all come at once.
 */
export async function callInOneMinute(count: number, call: () => Promise<Response>): Promise<Response[]> {
  const leftMs = () => 60_000 - (Date.now() % 60_000)
  await waitFor(() => leftMs() > 20_000, { what: 'a minute with 20 seconds left', timeoutMs: 21_000 })
  const answers: Response[] = []
  while (answers.length < count) answers.push(...(await Promise.all(Array.from({ length: 5 }, call))))
  return answers
}
