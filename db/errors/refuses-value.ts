/** PostgreSQL's error classes for what a statement holds: data exception, integrity constraint violation. */
const valueClasses = new Set(['22', '23'])

/** True when PostgreSQL refused a statement because of its values: nothing was written, and nothing else is wrong. */
export function refusesValue(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return code === undefined ? refusesValue(error.cause) : code.length === 5 && valueClasses.has(code.slice(0, 2))
}
