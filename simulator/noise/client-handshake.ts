import { proto } from '@whiskeysockets/baileys/WAProto/index.js'
import { agree, generateKeyPair } from '#simulator/crypto/key-pair.ts'
import type { KeyPair } from '#simulator/crypto/key-pair.ts'
import { HandshakeState } from './handshake-state.ts'
import { Transport } from './transport.ts'
import { whyChainIsRefused } from './verify-certificate-chain.ts'

/** The client's half of Noise XX, with a verification of the server that means it. Used by the light test client. */
export class ClientHandshake {
  readonly #state = new HandshakeState()
  readonly #ephemeral: KeyPair = generateKeyPair()
  readonly #rootPublicKey: Uint8Array

  constructor(rootPublicKey: Uint8Array) {
    this.#rootPublicKey = rootPublicKey
  }

  hello(): Uint8Array {
    this.#state.mixHash(this.#ephemeral.publicKey)
    return proto.HandshakeMessage.encode({ clientHello: { ephemeral: this.#ephemeral.publicKey } }).finish()
  }

  /** @throws when the server cannot prove by its certificates that it belongs to the root */
  finish(
    serverMessage: Uint8Array,
    noiseKey: KeyPair,
    payload: proto.IClientPayload,
  ): { message: Uint8Array; transport: Transport } {
    const hello = proto.HandshakeMessage.decode(serverMessage).serverHello
    if (!hello?.ephemeral || !hello.static || !hello.payload) throw new Error('The server sent no serverHello.')
    this.#state.mixHash(hello.ephemeral)
    this.#state.mixKey(agree(this.#ephemeral, hello.ephemeral))
    const staticPublicKey = this.#state.decrypt(hello.static)
    this.#state.mixKey(agree(this.#ephemeral, staticPublicKey))
    const chain = this.#state.decrypt(hello.payload)
    const refusal = whyChainIsRefused(chain, {
      rootPublicKey: this.#rootPublicKey,
      staticPublicKey,
      nowMs: Date.now(),
    })
    if (refusal) throw new Error(`The server's certificate is refused: ${refusal}.`)
    const encryptedStatic = this.#state.encrypt(noiseKey.publicKey)
    this.#state.mixKey(agree(noiseKey, hello.ephemeral))
    const encryptedPayload = this.#state.encrypt(proto.ClientPayload.encode(payload).finish())
    const message = proto.HandshakeMessage.encode({
      clientFinish: { static: encryptedStatic, payload: encryptedPayload },
    }).finish()
    const { clientToServer, serverToClient } = this.#state.split()
    return { message, transport: new Transport({ sendKey: clientToServer, receiveKey: serverToClient }) }
  }
}
