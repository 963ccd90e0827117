import { randomBase62 } from './random-base62.ts'

export const passwordMinLength = 12
/** bcrypt reads no more: a longer password would silently be cut. */
export const passwordMaxBytes = 72

/** What is wrong with a password that somebody chose; undefined when nothing is. */
export function passwordProblem(password: string): string | undefined {
  if (password.includes('\u0000')) return 'must not contain the NUL character'
  if (password.length < passwordMinLength) return `must have at least ${passwordMinLength} characters`
  if (new TextEncoder().encode(password).byteLength > passwordMaxBytes)
    return `must have at most ${passwordMaxBytes} bytes in UTF-8`
  if (new Set(password).size < 5) return 'must not repeat a few characters only'
  return undefined
}

/** A first password for somebody: about 119 random bits. */
export function newPassword(): string {
  return randomBase62(20)
}
