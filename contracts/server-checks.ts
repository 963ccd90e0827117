/** What the edge thinks of a worker that it called. */
export const serverGrades = ['healthy', 'degraded', 'unhealthy'] as const
export type ServerGrade = (typeof serverGrades)[number]

/** Why a worker is not healthy, each with one sentence for people. */
export const checkReasons = {
  'no-answer': 'Nobody answers at its address within 10 seconds.',
  'not-a-worker': 'Something answers at its address that is no worker.',
  'another-server': 'The worker of another server answers at its address.',
  'token-refused': 'Its worker refuses the token of the edge, so it takes no commands.',
  'says-degraded': 'Its worker answers that it has no lease or no way to the database.',
  slow: 'Its worker took more than 2 seconds to answer.',
} as const
export type CheckReason = keyof typeof checkReasons
