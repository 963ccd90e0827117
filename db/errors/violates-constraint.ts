/** True when PostgreSQL refused a row because of the constraint with that name. */
export function violatesConstraint(error: unknown, constraint: string): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && 'constraint' in cause && cause.constraint === constraint
}
