import {
  Curve,
  generateSignalPubKey,
  initAuthCreds,
  signedKeyPair,
  type SignalRepository,
} from '@whiskeysockets/baileys'
import { ProtocolAddress, SessionBuilder, SessionCipher, SessionRecord, type SignalStorage } from 'libsignal'

/** A ciphertext with its kind, as it stands in a stanza. */
export interface Envelope {
  type: 'pkmsg' | 'msg'
  ciphertext: Buffer
}

type Bundle = Parameters<SessionBuilder['initOutgoing']>[0]

/** What is needed of credentials to make a bundle of pre-keys. */
type Identity = Pick<ReturnType<typeof initAuthCreds>, 'signedIdentityKey' | 'signedPreKey' | 'registrationId'>

/** The public half of an account's keys, with one pre-key, as the server would give it out. */
export function bundleOf(identity: Identity, preKey: { keyId: number; public: Uint8Array }): Bundle {
  const { signedIdentityKey, signedPreKey, registrationId } = identity
  return {
    registrationId,
    identityKey: asBuffer(generateSignalPubKey(signedIdentityKey.public)),
    signedPreKey: {
      keyId: signedPreKey.keyId,
      publicKey: asBuffer(generateSignalPubKey(signedPreKey.keyPair.public)),
      signature: asBuffer(signedPreKey.signature),
    },
    preKey: { keyId: preKey.keyId, publicKey: asBuffer(generateSignalPubKey(preKey.public)) },
  }
}

/** The other side of a conversation: plain libsignal over memory, one operation after the other. */
export interface SignalContact {
  bundle(): Bundle
  /** Begins a session from an account's bundle. */
  meet(bundle: Bundle): Promise<void>
  encrypt(text: string): Promise<Envelope>
  /** Rejects when it cannot be read. */
  decrypt(envelope: { type: string; ciphertext: Uint8Array }): Promise<string>
}

export function createSignalContact(): SignalContact {
  const identity = initAuthCreds()
  const preKey = Curve.generateKeyPair()
  let session: unknown
  const storage: SignalStorage = {
    loadSession: async () => (session === undefined ? null : SessionRecord.deserialize(session as Uint8Array)),
    storeSession: async (_id, record) => void (session = record.serialize()),
    isTrustedIdentity: () => true,
    loadPreKey: async () => ({
      privKey: asBuffer(preKey.private),
      pubKey: asBuffer(generateSignalPubKey(preKey.public)),
    }),
    removePreKey: () => {},
    loadSignedPreKey: () => ({
      privKey: asBuffer(identity.signedPreKey.keyPair.private),
      pubKey: asBuffer(generateSignalPubKey(identity.signedPreKey.keyPair.public)),
    }),
    getOurRegistrationId: () => identity.registrationId,
    getOurIdentity: () => ({
      privKey: asBuffer(identity.signedIdentityKey.private),
      pubKey: asBuffer(generateSignalPubKey(identity.signedIdentityKey.public)),
    }),
  }
  const account = new ProtocolAddress(`account-of-${identity.registrationId}-${Math.random()}`.replace('.', ''), 0)
  const cipher = () => new SessionCipher(storage, account)

  return {
    bundle: () => bundleOf(identity, { keyId: 7, public: preKey.public }),
    meet: (bundle) => new SessionBuilder(storage, account).initOutgoing(bundle),
    async encrypt(text) {
      const { type, body } = await cipher().encrypt(Buffer.from(text))
      return { type: type === 3 ? 'pkmsg' : 'msg', ciphertext: Buffer.from(body, 'binary') }
    },
    async decrypt({ type, ciphertext }) {
      const bytes = asBuffer(ciphertext)
      const plain =
        type === 'pkmsg' ? cipher().decryptPreKeyWhisperMessage(bytes) : cipher().decryptWhisperMessage(bytes)
      return (await plain).toString()
    },
  }
}

/** A signed pre-key whose signature is another key's. */
export function withForgedSignature(bundle: Bundle): Bundle {
  const forged = signedKeyPair(Curve.generateKeyPair(), 1).signature
  return { ...bundle, signedPreKey: { ...bundle.signedPreKey, signature: asBuffer(forged) } }
}

/** The bundle as Baileys hands it to a Signal repository. */
export function asE2ESession(bundle: Bundle): Parameters<SignalRepository['injectE2ESession']>[0]['session'] {
  return bundle
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes)
}
