/** Milliseconds since 1970 with fractions: the processes of one machine share it. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now()
}

const prefix = 'written at '

/** A text that carries the moment in which it was written. */
export function textOfNow(): string {
  return `${prefix}${epochMs().toFixed(3)}`
}

/** The moment that a text carries; undefined when it carries none. */
export function writtenAt(text: string): number | undefined {
  return text.startsWith(prefix) ? Number(text.slice(prefix.length)) : undefined
}
