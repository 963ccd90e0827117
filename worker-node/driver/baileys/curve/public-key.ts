/** WhatsApp and libsignal put this in front of X25519 public keys. */
const typeByte = 5

/** The 32 bytes of an X25519 public key with or without its type byte; undefined for anything else. */
export function bareKey(key: Uint8Array): Uint8Array | undefined {
  if (key.length === 32) return key
  return key.length === 33 && key[0] === typeByte ? key.subarray(1) : undefined
}

export function withTypeByte(key: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(typeByte), key])
}
