import { randomBase62 } from './random-base62.ts'
import { sha256Hex } from './sha256.ts'

/** Long enough to copy a command to another machine, in milliseconds. */
export const enrollmentTtlMs = 60 * 60 * 1_000

/** What is told of a server that waits for a worker which did not come. */
export const enrollmentExpired = 'No worker enrolled before the token expired. Make another one.'

/** A token by which one worker may enroll: 256 random bits, of which only the hash is stored. */
export async function newEnrollmentToken(): Promise<{ token: string; tokenHash: string }> {
  const token = `wet_${randomBase62(43)}`
  return { token, tokenHash: await sha256Hex(token) }
}
