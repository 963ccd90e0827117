import { decryptGcm, encryptGcm } from '#simulator/crypto/symmetric.ts'
import { ivOfCounter } from './handshake-state.ts'

const EMPTY = Buffer.alloc(0)

/** The cipher of a connection after its handshake: a key and a counter per direction, no additional data. */
export class Transport {
  readonly #sendKey: Buffer
  readonly #receiveKey: Buffer
  #sent = 0
  #received = 0

  constructor(keys: { sendKey: Buffer; receiveKey: Buffer }) {
    this.#sendKey = keys.sendKey
    this.#receiveKey = keys.receiveKey
  }

  encrypt(plaintext: Uint8Array): Buffer {
    return encryptGcm(this.#sendKey, ivOfCounter(this.#sent++), EMPTY, plaintext)
  }

  /** @throws when the frame is not the next one of the other side */
  decrypt(ciphertext: Uint8Array): Buffer {
    return decryptGcm(this.#receiveKey, ivOfCounter(this.#received++), EMPTY, ciphertext)
  }
}
