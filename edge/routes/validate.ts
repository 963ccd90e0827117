import type { z } from 'zod'
import { ApiError } from '#contracts/errors.ts'

/** An answer names at most this many problems. */
const maxDetails = 20
const maxNameLength = 100

export type Details = Record<string, string>

/** Field path > what is wrong with it. `root` stands for the whole when there is no path. */
export function detailsOf(error: z.ZodError, root: string): Details {
  const details: Details = {}
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) add(details, [...issue.path, key], root, 'is not a known field')
    } else add(details, issue.path, root, issue.message)
  }
  return details
}

function add(details: Details, path: readonly PropertyKey[], root: string, problem: string): void {
  const name = path.length === 0 ? root : path.map(String).join('.').slice(0, maxNameLength)
  if (name in details || Object.keys(details).length >= maxDetails) return
  // Not by assignment: a field may be called `__proto__`.
  Object.defineProperty(details, name, { value: problem, enumerable: true })
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

export function invalidRequest(details: Details): ApiError {
  return new ApiError('VALIDATION_ERROR', 'The request is not valid.', { details })
}
