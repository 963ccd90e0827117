import { decryptGcm, encryptGcm, hkdf, sha256 } from '#simulator/crypto/symmetric.ts'

const PROTOCOL_NAME = Buffer.from('Noise_XX_25519_AESGCM_SHA256\0\0\0\0', 'latin1')
const EMPTY = Buffer.alloc(0)

/** `WA`, protocol version 6, dictionary version 3: the prologue that both sides hash. */
export const NOISE_HEADER = Buffer.from([0x57, 0x41, 6, 3])

/**
 * Noise's symmetric state during an XX handshake. WhatsApp uses one nonce counter for both directions, which each
 * `mixKey` sets back to 0. The two sides run the same operations in the same order.
 */
export class HandshakeState {
  #hash: Buffer = PROTOCOL_NAME
  #chainingKey: Buffer = PROTOCOL_NAME
  #key: Buffer = PROTOCOL_NAME
  #counter = 0

  constructor() {
    this.mixHash(NOISE_HEADER)
  }

  mixHash(data: Uint8Array): void {
    this.#hash = sha256(this.#hash, data)
  }

  mixKey(sharedSecret: Uint8Array): void {
    const [chainingKey, key] = this.#expand(sharedSecret)
    this.#chainingKey = chainingKey
    this.#key = key
    this.#counter = 0
  }

  encrypt(plaintext: Uint8Array): Buffer {
    const ciphertext = encryptGcm(this.#key, ivOfCounter(this.#counter++), this.#hash, plaintext)
    this.mixHash(ciphertext)
    return ciphertext
  }

  /** @throws when the other side is not who or what it claims to be */
  decrypt(ciphertext: Uint8Array): Buffer {
    const plaintext = decryptGcm(this.#key, ivOfCounter(this.#counter++), this.#hash, ciphertext)
    this.mixHash(ciphertext)
    return plaintext
  }

  /** The keys of the transport that follows: client to server, and server to client. */
  split(): { clientToServer: Buffer; serverToClient: Buffer } {
    const [clientToServer, serverToClient] = this.#expand(EMPTY)
    return { clientToServer, serverToClient }
  }

  #expand(input: Uint8Array): [Buffer, Buffer] {
    const expanded = hkdf(input, 64, this.#chainingKey, '')
    return [expanded.subarray(0, 32), expanded.subarray(32)]
  }
}

/** 8 zero bytes and the counter as an unsigned 32-bit big-endian number. */
export function ivOfCounter(counter: number): Buffer {
  const iv = Buffer.alloc(12)
  iv.writeUInt32BE(counter, 8)
  return iv
}
