/** The first moment of a day in the person's zone. */
export function startOfDay(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString()
}

/** The first moment of the day after: of 23 or 25 hours where the clock is changed. */
export function endOfDay(day: string): string {
  const date = new Date(`${day}T00:00:00`)
  date.setDate(date.getDate() + 1)
  return date.toISOString()
}
