import { compareSync, hashSync } from 'bcryptjs'
import type { KeyHash } from '#core/ports/key-hash.ts'
import { sha256Hex } from '#core/rules/sha256.ts'

const cost = 12

/**
 * bcrypt of the key's SHA-256 in hex, and not of the key: bcrypt reads only the first 72 bytes of what it is given, and a
 * longer form of the key would silently be cut.
 */
export const bcryptKeyHash: KeyHash = {
  hash: (keySha256) => hashSync(keySha256, cost),
  matches: (keySha256, secretHash) => compareSync(keySha256, secretHash),
}

/** What is stored of an API key. Takes about 220 ms. */
export async function hashApiKey(key: string): Promise<string> {
  return bcryptKeyHash.hash(await sha256Hex(key))
}
