import { proto } from '@whiskeysockets/baileys/WAProto/index.js'
import { verifySignature } from '#simulator/crypto/verify-signature.ts'
import { prefixed } from '#simulator/signal/whisper-message.ts'

/** What a companion says of itself before it is paired. */
export interface Registration {
  noisePublicKey: Buffer
  identityKey: Buffer
  registrationId: number
  signedPreKey: { id: number; publicKey: Buffer; signature: Buffer }
  /** The operating system that it claims, for lists of linked devices. */
  platform: string
}

/** Reads and checks the registration of a client payload. @throws Error when a field is missing or the signature is wrong */
export function readRegistration(payload: proto.ClientPayload, noisePublicKey: Buffer): Registration {
  const data = payload.devicePairingData
  if (!data?.eRegid || !data.eIdent || !data.eSkeyId || !data.eSkeyVal || !data.eSkeySig) {
    throw new Error('The registration lacks a field.')
  }
  const registration = {
    noisePublicKey,
    identityKey: Buffer.from(data.eIdent),
    registrationId: Buffer.from(data.eRegid).readUInt32BE(0),
    signedPreKey: {
      id: Buffer.from(data.eSkeyId).readUIntBE(0, 3),
      publicKey: Buffer.from(data.eSkeyVal),
      signature: Buffer.from(data.eSkeySig),
    },
    platform: proto.DeviceProps.decode(data.deviceProps ?? Buffer.alloc(0)).os ?? 'unknown',
  }
  if (!isSignedPreKeyGenuine(registration.identityKey, registration.signedPreKey)) {
    throw new Error('The signed pre-key is not signed by the identity key.')
  }
  return registration
}

export function isSignedPreKeyGenuine(
  identityKey: Buffer,
  signedPreKey: { publicKey: Buffer; signature: Buffer },
): boolean {
  return verifySignature(identityKey, prefixed(signedPreKey.publicKey), signedPreKey.signature)
}
