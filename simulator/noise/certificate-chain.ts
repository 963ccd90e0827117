import { proto } from '@whiskeysockets/baileys/WAProto/index.js'
import { generateKeyPair } from '#simulator/crypto/key-pair.ts'
import type { KeyPair } from '#simulator/crypto/key-pair.ts'
import { generateSigningKey, signingKeyFromSeed } from '#simulator/crypto/signing-key.ts'
import type { SigningKey } from '#simulator/crypto/signing-key.ts'

const Details = proto.CertChain.NoiseCertificate.Details
const VALIDITY_SECONDS = 10 * 365 * 24 * 3600

/** The serials that WhatsApp's clients look for: root 0, intermediate 1, leaf 2. */
export const SERIALS = { root: 0, intermediate: 1, leaf: 2 } as const

/** What proves a server's identity: a root that clients trust, and a static Noise key that the root vouches for. */
export interface ServerIdentity {
  rootPublicKey: Buffer
  staticKey: KeyPair
  /** The encoded CertChain that the server shows in its hello. */
  certificateChain: Buffer
}

/** Everything of a server's identity that has to be kept so that clients still trust it after a restart. */
export interface StoredServerIdentity {
  rootSeed: string
  staticPrivateKey: string
  staticPublicKey: string
}

export function generateServerIdentity(): StoredServerIdentity {
  const staticKey = generateKeyPair()
  return {
    rootSeed: generateSigningKey().seed.toString('base64'),
    staticPrivateKey: staticKey.privateKey.toString('base64'),
    staticPublicKey: staticKey.publicKey.toString('base64'),
  }
}

/** Builds the chain anew (the intermediate is made for the day), signed by the stored root. */
export function serverIdentityOf(stored: StoredServerIdentity, nowMs: number): ServerIdentity {
  const root = signingKeyFromSeed(Buffer.from(stored.rootSeed, 'base64'))
  const intermediate = generateSigningKey()
  const staticKey = {
    privateKey: Buffer.from(stored.staticPrivateKey, 'base64'),
    publicKey: Buffer.from(stored.staticPublicKey, 'base64'),
  }
  const notBefore = Math.floor(nowMs / 1000) - 3600
  const validity = { notBefore, notAfter: notBefore + VALIDITY_SECONDS }
  const certificateChain = proto.CertChain.encode({
    intermediate: certify(root, {
      serial: SERIALS.intermediate,
      issuerSerial: SERIALS.root,
      key: intermediate.publicKey,
      ...validity,
    }),
    leaf: certify(intermediate, {
      serial: SERIALS.leaf,
      issuerSerial: SERIALS.intermediate,
      key: staticKey.publicKey,
      ...validity,
    }),
  }).finish()
  return { rootPublicKey: root.publicKey, staticKey, certificateChain: Buffer.from(certificateChain) }
}

function certify(
  issuer: SigningKey,
  content: proto.CertChain.NoiseCertificate.IDetails,
): proto.CertChain.INoiseCertificate {
  const details = Details.encode(content).finish()
  return { details, signature: issuer.sign(details) }
}
