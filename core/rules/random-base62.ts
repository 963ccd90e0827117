import { toBase62 } from './base62.ts'

/** So many random characters of base 62: 43 hold 256 bits. */
export function randomBase62(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length))
  const number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  return toBase62(number % 62n ** BigInt(length), length)
}
