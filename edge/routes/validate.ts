import type { z } from 'zod'
import { ApiError } from '#contracts/errors.ts'

/** An answer names at most this many problems. */
const maxDetails = 20
const maxNameLength = 100

/** Field path > what is wrong with it. A map, because a field may be called `__proto__`. */
export type Problems = Map<string, string>

/** Adds what is wrong; `root` stands for the whole when there is no path. */
export function addIssues(problems: Problems, error: z.ZodError, root: string): void {
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) addProblem(problems, [...issue.path, key], 'is not a known field')
    } else addProblem(problems, issue.path.length === 0 ? [root] : issue.path, issue.message)
  }
}

/** Of several problems of a field the first is told. */
export function addProblem(problems: Problems, path: readonly PropertyKey[], problem: string): void {
  const name = path.map(String).join('.').slice(0, maxNameLength)
  if (!problems.has(name) && problems.size < maxDetails) problems.set(name, problem)
}

/** Words for problems whose schema brings none. */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? 'is required' : `must be ${kind(issue.expected)}`
  if (issue.code === 'invalid_value') return `must be one of: ${issue.values.map(String).join(', ')}`
  return 'is not valid'
}

function kind(expected: string): string {
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`
}

export function invalidRequest(problems: Problems): ApiError {
  return new ApiError('VALIDATION_ERROR', 'The request is not valid.', { details: Object.fromEntries(problems) })
}
