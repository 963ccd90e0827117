import type { CallFailed, FailureCode } from './call-failed.ts'

const advice: Partial<Record<FailureCode, string>> = {
  NO_CONNECTION: 'Check your connection; what you see may be old.',
  UNEXPECTED_ANSWER: 'Reload the page; it may be older than the service.',
  CONFLICT: 'Somebody may have changed it meanwhile: look how it is now.',
  NOT_FOUND: 'It may have been deleted meanwhile.',
  FORBIDDEN: 'Ask a super admin for the role that it needs.',
}

/** What a person can do about it, in a sentence; empty where the message says all. */
export function adviceFor({ code, requestId }: CallFailed): string {
  if (code === 'INTERNAL_ERROR' && requestId !== undefined) return `The log of the service has it under ${requestId}.`
  return advice[code] ?? ''
}
