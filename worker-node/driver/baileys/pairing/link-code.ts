import { hkdfSync, randomBytes } from 'node:crypto'
import {
  aesDecryptCTR,
  aesEncryptCTR,
  aesEncryptGCM,
  bytesToCrockford,
  Curve,
  derivePairingCodeKey,
  getCompanionPlatformId,
  S_WHATSAPP_NET,
  type AuthenticationCreds,
  type BinaryNode,
  type WASocket,
} from '@whiskeysockets/baileys'
import { PairingRefused } from '#core/ports/driver.ts'
import { browser } from '#worker-node/driver/baileys/socket.ts'
import { bytesOfChild, childNamed } from './nodes.ts'

/** Pairing by an 8-character code that is typed on the phone. */
export interface LinkCodes {
  /** Throws PairingRefused when WhatsApp does not accept the request. */
  request(phoneNumberJid: string): Promise<string>
  /** The phone typed a code: answers with the keys, from which the phone makes the device's identity. */
  finish(notification: BinaryNode): Promise<void>
  /** True once the phone's answer decided the secret: no QR code of this connection can pair any more. */
  readonly answered: boolean
}

/**
 * Baileys' own way through this sets `creds.me` at once, so that a reconnect before the end tries to log in as a device
 * that does not exist, and returns a code even when the server refused it. Here nothing but the code and the address is
 * remembered, for as long as the connection lasts.
 */
export function createLinkCodes(socket: Pick<WASocket, 'query'>, credentials: AuthenticationCreds): LinkCodes {
  let shown: { code: string; jid: string } | undefined
  let answered = false

  const ask = (attrs: BinaryNode['attrs'], content: BinaryNode[]) =>
    socket.query({
      tag: 'iq',
      attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'md' },
      content: [{ tag: 'link_code_companion_reg', attrs, content }],
    }) as Promise<BinaryNode | undefined>

  return {
    async request(jid) {
      const code = bytesToCrockford(randomBytes(5))
      const content = [
        node('link_code_pairing_wrapped_companion_ephemeral_pub', await wrapEphemeralKey(code, credentials)),
        node('companion_server_auth_key_pub', credentials.noiseKey.public),
        node('companion_platform_id', getCompanionPlatformId(browser)),
        node('companion_platform_display', `${browser[1]} (${browser[0]})`),
        node('link_code_pairing_nonce', '0'),
      ]
      const attrs = { jid, stage: 'companion_hello', should_show_push_notification: 'true' }
      const answer = await ask(attrs, content).catch((error: Error) => {
        throw new PairingRefused('refused', `WhatsApp refused a pairing code: ${error.message}.`)
      })
      if (answer === undefined) throw new PairingRefused('refused', 'WhatsApp did not answer.')
      shown = { code, jid }
      return code
    },

    async finish(notification) {
      const told = childNamed(notification, 'link_code_companion_reg')
      const ref = bytesOfChild(told, 'link_code_pairing_ref')
      const identity = bytesOfChild(told, 'primary_identity_pub')
      const wrapped = bytesOfChild(told, 'link_code_pairing_wrapped_primary_ephemeral_pub')
      // WhatsApp also sends this notification without the keys; there is nothing to do then.
      if (shown === undefined || !ref || !identity || wrapped?.length !== 80) return

      const ephemeral = await unwrapEphemeralKey(shown.code, wrapped)
      const { bundle, advSecret } = makeKeyBundle(credentials, identity, ephemeral)
      answered = true
      credentials.advSecretKey = advSecret.toString('base64')
      await ask({ jid: shown.jid, stage: 'companion_finish' }, [
        node('link_code_pairing_wrapped_key_bundle', bundle),
        node('companion_identity_public', credentials.signedIdentityKey.public),
        node('link_code_pairing_ref', ref),
      ])
    },

    get answered() {
      return answered
    },
  }
}

function node(tag: string, content: string | Uint8Array): BinaryNode {
  return { tag, attrs: {}, content }
}

/** salt (32) | iv (16) | the key (32), encrypted under the code. */
async function wrapEphemeralKey(code: string, { pairingEphemeralKeyPair }: AuthenticationCreds): Promise<Uint8Array> {
  const [salt, iv] = [randomBytes(32), randomBytes(16)]
  const key = await derivePairingCodeKey(code, salt)
  return Buffer.concat([salt, iv, aesEncryptCTR(pairingEphemeralKeyPair.public, key, iv)])
}

async function unwrapEphemeralKey(code: string, wrapped: Uint8Array): Promise<Uint8Array> {
  const key = await derivePairingCodeKey(code, Buffer.from(wrapped.subarray(0, 32)))
  return aesDecryptCTR(wrapped.subarray(48), key, wrapped.subarray(32, 48))
}

/** Both identities and a random, sealed for the phone; the secret that proves the phone's answer comes from the same. */
function makeKeyBundle(credentials: AuthenticationCreds, identity: Uint8Array, ephemeral: Uint8Array) {
  const { pairingEphemeralKeyPair, signedIdentityKey } = credentials
  const [random, salt, iv] = [randomBytes(32), randomBytes(32), randomBytes(12)]
  const shared = Curve.sharedKey(pairingEphemeralKeyPair.private, ephemeral)
  const bundleKey = hkdf(shared, salt, 'link_code_pairing_key_bundle_encryption_key')
  const plain = Buffer.concat([signedIdentityKey.public, identity, random])
  const sealed = aesEncryptGCM(plain, bundleKey, iv, new Uint8Array())

  const sharedIdentity = Curve.sharedKey(signedIdentityKey.private, identity)
  const advSecret = hkdf(Buffer.concat([shared, sharedIdentity, random]), Buffer.alloc(0), 'adv_secret')
  return { bundle: Buffer.concat([salt, iv, sealed]), advSecret }
}

function hkdf(material: Uint8Array, salt: Uint8Array, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', material, salt, info, 32))
}
