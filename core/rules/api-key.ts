import { toBase62 } from './base62.ts'
import { crc32 } from './crc32.ts'
import { randomBase62 } from './random-base62.ts'

/** `live` keys work in production; `test` keys are made by the local stack and work nowhere else. */
export type KeyEnvironment = 'live' | 'test'

export interface ParsedApiKey {
  environment: KeyEnvironment
  /** The part that is not secret: the key is found by it and shown as it in lists. */
  publicId: string
  /** The whole key. */
  key: string
}

const publicIdLength = 8
/** 62^43 is the first power above 2^256. */
const secretLength = 43
/** 62^6 is the first power above 2^32. */
const checksumLength = 6
const pattern = new RegExp(
  `^ak_(live|test)_([0-9A-Za-z]{${publicIdLength}})_[0-9A-Za-z]{${secretLength}}([0-9A-Za-z]{${checksumLength}})$`,
)

/** A new random key: `ak_live_<8 public id>_<43 secret><6 checksum>`, 256 bits of which are secret. */
export function newApiKey(environment: KeyEnvironment): ParsedApiKey {
  const publicId = randomBase62(publicIdLength)
  const withoutChecksum = `ak_${environment}_${publicId}_${randomBase62(secretLength)}`
  return { environment, publicId, key: withoutChecksum + checksum(withoutChecksum) }
}

/** Undefined when it is no key or its checksum is wrong: such a text needs no look-up. */
export function parseApiKey(text: string): ParsedApiKey | undefined {
  const [, environment, publicId, given] = pattern.exec(text) ?? []
  if (environment === undefined || publicId === undefined) return undefined
  if (checksum(text.slice(0, -checksumLength)) !== given) return undefined
  return { environment: environment as KeyEnvironment, publicId, key: text }
}

function checksum(text: string): string {
  return toBase62(BigInt(crc32(text)), checksumLength)
}
