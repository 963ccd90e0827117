import type { AuthenticationCreds } from '@whiskeysockets/baileys'
import { z } from 'zod'
import { fromBytes, toBytes } from './bytes-json.ts'

const key = z.instanceof(Uint8Array).refine((bytes) => bytes.length === 32, 'must have 32 bytes')
const keyPair = z.looseObject({ public: key, private: key })

/** What must be there for a paired device to log in and to decrypt; the rest of Baileys' credentials passes as it is. */
const pairedCredentials = z.looseObject({
  noiseKey: keyPair,
  signedIdentityKey: keyPair,
  pairingEphemeralKeyPair: keyPair,
  signedPreKey: z.looseObject({ keyPair, signature: z.instanceof(Uint8Array), keyId: z.number() }),
  registrationId: z.number(),
  advSecretKey: z.string(),
  nextPreKeyId: z.number(),
  firstUnuploadedPreKeyId: z.number(),
  account: z.looseObject({ details: z.instanceof(Uint8Array), deviceSignature: z.instanceof(Uint8Array) }),
  me: z.looseObject({ id: z.string().includes('@') }),
})

/** The credentials as one blob for the store. */
export function encodeCredentials(credentials: AuthenticationCreds): Uint8Array {
  // A copy of `account`, because the protobuf object's own toJSON would turn its bytes into text.
  return toBytes({ ...credentials, account: credentials.account && { ...credentials.account } })
}

/** Throws when these are not the credentials of a paired device. */
export function decodeCredentials(bytes: Uint8Array): AuthenticationCreds {
  return pairedCredentials.parse(fromBytes(bytes)) as unknown as AuthenticationCreds
}
