interface Day {
  day: string
  messages: number
}

const dayMs = 86_400_000

/** The last `count` UTC days, oldest first, today included; days that the API leaves out have no messages. */
export function lastDays(count: number, known: readonly Day[], now: Date): { day: string; value: number }[] {
  const messages = new Map(known.map((day) => [day.day, day.messages]))
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(now.getTime() - (count - 1 - index) * dayMs).toISOString().slice(0, 10)
    return { day, value: messages.get(day) ?? 0 }
  })
}
