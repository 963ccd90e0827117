import { randomBase62 } from './random-base62.ts'
import { sha256Hex } from './sha256.ts'

const count = 10

/** Ten codes for whoever loses the authenticator app, each good once; `hashes` are what is stored. */
export async function newRecoveryCodes(): Promise<{ codes: string[]; hashes: string[] }> {
  const codes = Array.from({ length: count }, () => {
    const text = randomBase62(12).toLowerCase()
    return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`
  })
  return { codes, hashes: await Promise.all(codes.map(hashRecoveryCode)) }
}

/** Undefined when the text does not look like a recovery code. */
export function readRecoveryCode(text: string): string | undefined {
  const code = text.trim().toLowerCase()
  return /^[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}$/.test(code) ? code : undefined
}

export function hashRecoveryCode(code: string): Promise<string> {
  return sha256Hex(code)
}
