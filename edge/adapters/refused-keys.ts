import { LRUCache } from 'lru-cache'
import type { KeyHash } from '#core/ports/key-hash.ts'

/** What an isolate remembers: pairs of a key's digest and a stored hash that do not belong together. */
export type RefusedKeyMemory = LRUCache<string, true>

const rememberedRefusals = 5_000

export function createRefusedKeyMemory(): RefusedKeyMemory {
  return new LRUCache({ max: rememberedRefusals })
}

/**
 * The slow hash, with a memory for what it refused, so that a wrong key that comes again costs no 220 ms of CPU. What is
 * remembered is "this digest did not make this stored hash", which stays true for ever: with another stored hash it is
 * another question, so nothing here can keep out a key that has become right.
 */
export function rememberRefusals(refused: RefusedKeyMemory, keyHash: KeyHash): KeyHash {
  return {
    hash: (keySha256) => keyHash.hash(keySha256),

    matches(keySha256, secretHash) {
      const question = `${keySha256} ${secretHash}`
      if (refused.get(question) === true) return false
      const right = keyHash.matches(keySha256, secretHash)
      if (!right) refused.set(question, true)
      return right
    },
  }
}
