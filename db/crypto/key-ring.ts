import { aesKeyBytes, CannotOpen, importAesKey, openBytes, sealBytes, type AesKey } from './aes-gcm.ts'

/**
 * Keys by id, written as `k2:<base64 of 32 bytes>,k1:<base64>`: the first seals, all open. To rotate, put a new key in
 * front, seal everything again, then take the old one out. Runs on Workers and on Node.
 */
export interface KeyRing {
  /** `additionalData` names the place that the bytes belong to; opening under another name fails. */
  seal(plaintext: Uint8Array, additionalData: string): Promise<Sealed>
  /** Throws CannotOpen: unknown key id, another place, or changed bytes. */
  open(keyRingId: string, sealed: Uint8Array, additionalData: string): Promise<Uint8Array>
}

export interface Sealed {
  /** Which key of the ring sealed it; stored beside the bytes. */
  keyRingId: string
  sealed: Uint8Array
}

/** Throws with the position of a bad entry and what is wrong with it, never with its text: that may be a secret. */
export function createKeyRing(spec: string): KeyRing {
  const keys = parseSpec(spec)
  const [sealingId] = keys.keys()
  if (sealingId === undefined) throw new Error('A key ring needs at least one key, such as k1:<base64 of 32 bytes>.')
  // Not the promise of a key: on Workers one request must not wait for another's promise.
  const imported = new Map<string, AesKey>()

  async function keyOf(id: string): Promise<AesKey> {
    const known = imported.get(id)
    if (known !== undefined) return known
    const raw = keys.get(id)
    if (raw === undefined) throw new CannotOpen(`The key ring has no key ${JSON.stringify(id)}.`)
    const key = await importAesKey(raw)
    imported.set(id, key)
    return key
  }

  return {
    async seal(plaintext, additionalData) {
      return { keyRingId: sealingId, sealed: await sealBytes(await keyOf(sealingId), plaintext, additionalData) }
    },
    async open(keyRingId, sealed, additionalData) {
      return openBytes(await keyOf(keyRingId), sealed, additionalData)
    },
  }
}

/** A ring of one fresh random key. */
export function newKeyRingSpec(keyId = 'k1'): string {
  return `${keyId}:${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(aesKeyBytes))))}`
}

function parseSpec(spec: string): Map<string, Uint8Array> {
  const keys = new Map<string, Uint8Array>()
  if (spec.trim() === '') return keys
  for (const [index, entry] of spec.split(',').entries()) {
    const where = `Entry ${index + 1} of the key ring`
    const [, id, encoded] = /^([A-Za-z0-9_-]{1,32}):(.*)$/s.exec(entry.trim()) ?? []
    if (id === undefined || encoded === undefined) throw new Error(`${where} is not of the form <id>:<base64>.`)
    if (keys.has(id)) throw new Error(`${where} repeats the id of an earlier one.`)
    const raw = decodeBase64(encoded)
    if (raw?.byteLength !== aesKeyBytes) throw new Error(`${where} is not the base64 of ${aesKeyBytes} bytes.`)
    keys.set(id, raw)
  }
  return keys
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  } catch {
    return undefined
  }
}
