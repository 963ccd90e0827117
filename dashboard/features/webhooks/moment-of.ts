/** What a field of date and time says in the person's zone, as a moment; undefined when it is not whole. */
export function momentOf(local: string): string | undefined {
  const date = new Date(local)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
