/**
 * What WhatsApp delivers may hold text that PostgreSQL refuses: NUL and half surrogates. Refusing such a message would
 * stop its session at every redelivery, so these characters become U+FFFD.
 */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').replace(/\p{Cs}/gu, '\uFFFD')
}

/** JSON text for a jsonb column, every string in it made storable. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? storableText(part) : part))
}
