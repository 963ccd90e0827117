/** Bytes of an AES-256 key. */
export const aesKeyBytes = 32

const ivBytes = 12
const tagBytes = 16

/** Bytes as WebCrypto's types want them: never over shared memory. */
type Bytes = Uint8Array<ArrayBuffer>

/** WebCrypto's key; derived, because the rooms that share this file name the global type differently. */
export type AesKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** Sealed bytes that cannot be opened: another key, other additional data, or changed bytes. Which of them is unknowable. */
export class CannotOpen extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CannotOpen'
  }
}

/** 32 raw bytes as a key; throws RangeError for another length. */
export async function importAesKey(raw: Uint8Array): Promise<AesKey> {
  if (raw.byteLength !== aesKeyBytes) throw new RangeError(`An AES-256 key has ${aesKeyBytes} bytes.`)
  return crypto.subtle.importKey('raw', asBytes(raw), 'AES-GCM', false, ['encrypt', 'decrypt'])
}

/**
 * Encrypts and authenticates: 12 random bytes, then ciphertext and tag. `additionalData` is not stored; whoever opens
 * must name the same, which binds the bytes to their place.
 */
export async function sealBytes(key: AesKey, plaintext: Uint8Array, additionalData: string): Promise<Uint8Array> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
  const encrypted = await crypto.subtle.encrypt(algorithm(iv, additionalData), key, asBytes(plaintext))
  const sealed = new Uint8Array(ivBytes + encrypted.byteLength)
  sealed.set(iv)
  sealed.set(new Uint8Array(encrypted), ivBytes)
  return sealed
}

/** The plaintext of what `sealBytes` made. Throws CannotOpen. */
export async function openBytes(key: AesKey, sealed: Uint8Array, additionalData: string): Promise<Uint8Array> {
  if (sealed.byteLength < ivBytes + tagBytes) throw new CannotOpen('The sealed bytes are too short to be any.')
  const bytes = asBytes(sealed)
  try {
    const opened = await crypto.subtle.decrypt(
      algorithm(bytes.subarray(0, ivBytes), additionalData),
      key,
      bytes.subarray(ivBytes),
    )
    return new Uint8Array(opened)
  } catch (cause) {
    throw new CannotOpen('The sealed bytes do not belong to this key and place, or were changed.', { cause })
  }
}

function algorithm(iv: Bytes, additionalData: string) {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(additionalData) }
}

function asBytes(value: Uint8Array): Bytes {
  return value.buffer instanceof ArrayBuffer ? (value as Bytes) : new Uint8Array(value)
}
