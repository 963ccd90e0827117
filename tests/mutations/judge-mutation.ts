import type { Mutation } from './mutations.ts'
import type { SuiteResult } from './run-suites.ts'

/** `red` for the right reason, or why the suites cannot be relied on to notice. */
export type Verdict = { verdict: 'red'; by: string } | { verdict: 'green' | 'broken' | 'wrong reason'; why: string }

/** Every suite of the mutation has to load, to fail, and to fail in a test that is about this mistake. */
export function judgeMutation({ noticedBy }: Mutation, results: readonly SuiteResult[]): Verdict {
  const reasons: string[] = []
  for (const [index, { file, failed, broken }] of results.entries()) {
    if (broken !== undefined) return { verdict: 'broken', why: `${file}: ${broken}` }
    if (failed.length === 0) return { verdict: 'green', why: `${file} did not notice` }
    const right = failed.find((name) => noticedBy[index]?.test(name))
    if (right === undefined) return { verdict: 'wrong reason', why: `${file}: ${failed[0]}` }
    reasons.push(right)
  }
  return reasons.length === 0 ? { verdict: 'green', why: 'no suite ran' } : { verdict: 'red', by: reasons.join('; ') }
}
