import type { KeyRing, Sealed } from './key-ring.ts'

/** Encrypts a secret text for the row of `ownerId`; it opens for that row only. */
export async function sealText(keyRing: KeyRing, ownerId: string, text: string): Promise<Sealed> {
  return keyRing.seal(new TextEncoder().encode(text), ownerId)
}

/** The text in clear. Throws CannotOpen. */
export async function openText(keyRing: KeyRing, ownerId: string, stored: Sealed): Promise<string> {
  return new TextDecoder().decode(await keyRing.open(stored.keyRingId, stored.sealed, ownerId))
}
