import { Curve } from '@whiskeysockets/baileys'
import { SenderKeyMessage } from '@whiskeysockets/baileys/lib/Signal/Group/sender-key-message.js'
import { libsignalCurve } from './libsignal-curve.ts'
import { withTypeByte } from './public-key.ts'
import { signXeddsa } from './sign-xeddsa.ts'
import { verifyXeddsa } from './verify-xeddsa.ts'
import { agreeX25519, generateX25519 } from './x25519.ts'

/**
 * Puts node:crypto and native-speed signatures in the place of libsignal's JavaScript, and makes Baileys check signatures:
 * its own `Curve.verify` is true whenever nothing throws, whatever the signature is. Three places, because each holds its
 * own copies: libsignal (sessions), `Curve` (handshake, pairing, pre-keys) and group messages. It is for the whole process,
 * with the same results as before; the simulator has cryptography of its own and is not touched. Idempotent.
 */
export function installNativeCurve(): void {
  libsignalCurve.calculateAgreement = agreeX25519
  libsignalCurve.calculateSignature = signXeddsa
  libsignalCurve.generateKeyPair = () => {
    const { publicKey, privateKey } = generateX25519()
    return { pubKey: withTypeByte(publicKey), privKey: privateKey }
  }
  // What libsignal's fourth argument skips, for bundles, is checked before a bundle reaches it.
  libsignalCurve.verifySignature = (publicKey, message, signature) => verifyXeddsa(publicKey, message, signature)

  Curve.generateKeyPair = () => {
    const { publicKey, privateKey } = generateX25519()
    return { public: publicKey, private: privateKey }
  }
  Curve.sharedKey = (privateKey, publicKey) => Buffer.from(agreeX25519(publicKey, privateKey))
  Curve.sign = signXeddsa
  Curve.verify = verifyXeddsa

  Object.assign(SenderKeyMessage.prototype, { getSignature: signXeddsa, verifySignature: verifyGroupMessage })
}

function verifyGroupMessage(this: { serialize(): Uint8Array }, signatureKey: Uint8Array): void {
  const bytes = this.serialize()
  if (!verifyXeddsa(signatureKey, bytes.subarray(0, -64), bytes.subarray(-64))) throw new Error('Invalid signature!')
}
