import { proto } from '@whiskeysockets/baileys/WAProto/index.js'
import { agree, generateKeyPair } from '#simulator/crypto/key-pair.ts'
import type { KeyPair } from '#simulator/crypto/key-pair.ts'
import type { ServerIdentity } from './certificate-chain.ts'
import { HandshakeState } from './handshake-state.ts'
import { Transport } from './transport.ts'

/** What a client said of itself in its last handshake message. */
export interface ClientIntroduction {
  /** The client's static Noise key: what a companion is recognised by at log-in. */
  staticPublicKey: Buffer
  payload: proto.ClientPayload
  transport: Transport
}

/** The server's half of Noise XX: `hello` answers the client's first message, `finish` reads its second. */
export class ServerHandshake {
  readonly #identity: ServerIdentity
  readonly #state = new HandshakeState()
  readonly #ephemeral: KeyPair = generateKeyPair()

  constructor(identity: ServerIdentity) {
    this.#identity = identity
  }

  /** @returns the encoded serverHello. @throws on a message that is no clientHello */
  hello(message: Uint8Array): Uint8Array {
    const clientEphemeral = proto.HandshakeMessage.decode(message).clientHello?.ephemeral
    if (!clientEphemeral) throw new Error('The first handshake message is no clientHello.')
    this.#state.mixHash(clientEphemeral)
    this.#state.mixHash(this.#ephemeral.publicKey)
    this.#state.mixKey(agree(this.#ephemeral, clientEphemeral))
    const encryptedStatic = this.#state.encrypt(this.#identity.staticKey.publicKey)
    this.#state.mixKey(agree(this.#identity.staticKey, clientEphemeral))
    const payload = this.#state.encrypt(this.#identity.certificateChain)
    return proto.HandshakeMessage.encode({
      serverHello: { ephemeral: this.#ephemeral.publicKey, static: encryptedStatic, payload },
    }).finish()
  }

  /** @throws on a message that is no clientFinish of this handshake */
  finish(message: Uint8Array): ClientIntroduction {
    const finish = proto.HandshakeMessage.decode(message).clientFinish
    if (!finish?.static || !finish.payload) throw new Error('The second handshake message is no clientFinish.')
    const staticPublicKey = this.#state.decrypt(finish.static)
    this.#state.mixKey(agree(this.#ephemeral, staticPublicKey))
    const payload = proto.ClientPayload.decode(this.#state.decrypt(finish.payload))
    const { clientToServer, serverToClient } = this.#state.split()
    const transport = new Transport({ sendKey: serverToClient, receiveKey: clientToServer })
    return { staticPublicKey, payload, transport }
  }
}
