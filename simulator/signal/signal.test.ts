import '#simulator/testing/quiet-libsignal.ts'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { generateKeyPair } from '#simulator/crypto/key-pair.ts'
import type { KeyPair } from '#simulator/crypto/key-pair.ts'
import { generateSigningKey } from '#simulator/crypto/signing-key.ts'
import { DuplicateCiphertextError } from './ratchet.ts'
import { decryptWith, encryptWith, withNewSession } from './session-record.ts'
import type { CiphertextType, LocalKeys, SessionRecord } from './session-record.ts'
import type { PreKeyBundle } from './session.ts'
import { prefixed } from './whisper-message.ts'

/** One of two sides, with the keys and sessions of a device. */
interface Side {
  bundle(): PreKeyBundle
  begin(bundle: PreKeyBundle): Promise<void>
  encrypt(text: string): Promise<{ type: CiphertextType; ciphertext: Buffer }>
  decrypt(message: { type: CiphertextType; ciphertext: Buffer }): Promise<string>
}

function ownSide(): Side {
  const identity = generateSigningKey()
  const signedPreKey = { id: 7, pair: generateKeyPair() }
  const preKeys = new Map<number, KeyPair>([[1, generateKeyPair()]])
  const keys: LocalKeys = { identity, registrationId: 99, signedPreKey, preKey: (id) => preKeys.get(id) }
  let record: SessionRecord | undefined
  return {
    bundle: () => ({
      registrationId: keys.registrationId,
      identityKey: identity.publicKey,
      signedPreKey: {
        id: 7,
        publicKey: signedPreKey.pair.publicKey,
        signature: identity.sign(prefixed(signedPreKey.pair.publicKey)),
      },
      preKey: { id: 1, publicKey: preKeys.get(1)?.publicKey ?? Buffer.alloc(0) },
    }),
    begin: async (bundle) => {
      record = withNewSession(record, identity, bundle)
    },
    encrypt: async (text) => {
      const encrypted = encryptWith(record ?? { sessions: [] }, keys, Buffer.from(text))
      // As if it had been stored and read back.
      record = JSON.parse(JSON.stringify(encrypted.record)) as SessionRecord
      return encrypted
    },
    decrypt: async ({ type, ciphertext }) => {
      const decrypted = decryptWith(record, keys, type, ciphertext)
      if (decrypted.usedPreKeyId !== undefined) preKeys.delete(decrypted.usedPreKeyId)
      record = decrypted.record
      return decrypted.plaintext.toString()
    },
  }
}

interface Libsignal {
  ProtocolAddress: new (name: string, device: number) => object
  SessionBuilder: new (store: object, address: object) => { initOutgoing(device: object): Promise<void> }
  SessionCipher: new (
    store: object,
    address: object,
  ) => {
    encrypt(data: Buffer): Promise<{ type: number; body: Buffer }>
    decryptPreKeyWhisperMessage(data: Buffer): Promise<Buffer>
    decryptWhisperMessage(data: Buffer): Promise<Buffer>
  }
}

/** The other implementation: libsignal, as Baileys uses it. */
function libsignalSide(name: string): Side {
  const libsignal = createRequire(import.meta.url)('libsignal') as Libsignal
  const identity = generateSigningKey()
  const signedPreKey = generateKeyPair()
  const preKey = generateKeyPair()
  const asTheirs = (pair: KeyPair) => ({ privKey: pair.privateKey, pubKey: prefixed(pair.publicKey) })
  let session: unknown
  const store = {
    loadSession: async () => session,
    storeSession: async (_id: string, record: unknown) => void (session = record),
    isTrustedIdentity: () => true,
    loadPreKey: async () => asTheirs(preKey),
    removePreKey: async () => undefined,
    loadSignedPreKey: () => asTheirs(signedPreKey),
    getOurRegistrationId: () => 1234,
    getOurIdentity: () => asTheirs(identity),
  }
  const address = new libsignal.ProtocolAddress(name, 0)
  const cipher = new libsignal.SessionCipher(store, address)
  return {
    bundle: () => ({
      registrationId: 1234,
      identityKey: identity.publicKey,
      signedPreKey: {
        id: 1,
        publicKey: signedPreKey.publicKey,
        signature: identity.sign(prefixed(signedPreKey.publicKey)),
      },
      preKey: { id: 5, publicKey: preKey.publicKey },
    }),
    begin: async (bundle) => {
      await new libsignal.SessionBuilder(store, address).initOutgoing({
        registrationId: bundle.registrationId,
        identityKey: prefixed(bundle.identityKey),
        signedPreKey: {
          keyId: bundle.signedPreKey.id,
          publicKey: prefixed(bundle.signedPreKey.publicKey),
          signature: bundle.signedPreKey.signature,
        },
        preKey: bundle.preKey && { keyId: bundle.preKey.id, publicKey: prefixed(bundle.preKey.publicKey) },
      })
    },
    encrypt: async (text) => {
      const { type, body } = await cipher.encrypt(Buffer.from(text))
      return { type: type === 3 ? 'pkmsg' : 'msg', ciphertext: Buffer.from(body) }
    },
    decrypt: async ({ type, ciphertext }) => {
      const bytes = Buffer.from(ciphertext)
      const plaintext = await (type === 'pkmsg'
        ? cipher.decryptPreKeyWhisperMessage(bytes)
        : cipher.decryptWhisperMessage(bytes))
      return plaintext.toString()
    },
  }
}

describe.each([
  ['itself', () => ownSide()],
  ['libsignal', () => libsignalSide('peer')],
])('Signal sessions with %s', (_name, other) => {
  it.each(['this side begins', 'the other side begins'])('talk in both directions when %s', async (who) => {
    const [first, second] = who === 'this side begins' ? [ownSide(), other()] : [other(), ownSide()]
    await first.begin(second.bundle())
    const opening = [await first.encrypt('one'), await first.encrypt('two')]
    expect(opening.map(({ type }) => type)).toEqual(['pkmsg', 'pkmsg'])
    for (const [index, message] of opening.entries()) expect(await second.decrypt(message)).toBe(['one', 'two'][index])
    for (let round = 0; round < 5; round += 1) {
      const answer = await second.encrypt(`answer ${round}`)
      expect(answer.type).toBe('msg')
      expect(await first.decrypt(answer)).toBe(`answer ${round}`)
      expect(await second.decrypt(await first.encrypt(`question ${round}`))).toBe(`question ${round}`)
    }
  })

  it('read messages that overtook each other, across ratchet steps', async () => {
    const ours = ownSide()
    const theirs = other()
    await theirs.begin(ours.bundle())
    const late = await theirs.encrypt('late')
    expect(await ours.decrypt(await theirs.encrypt('early'))).toBe('early')
    await theirs.decrypt(await ours.encrypt('step'))
    expect(await ours.decrypt(await theirs.encrypt('new chain'))).toBe('new chain')
    expect(await ours.decrypt(late)).toBe('late')
  })

  it('read both first messages when both sides begin at once', async () => {
    const ours = ownSide()
    const theirs = other()
    await ours.begin(theirs.bundle())
    await theirs.begin(ours.bundle())
    const [fromUs, fromThem] = [await ours.encrypt('from us'), await theirs.encrypt('from them')]
    expect(await theirs.decrypt(fromUs)).toBe('from us')
    expect(await ours.decrypt(fromThem)).toBe('from them')
  })
})

// Not with libsignal: it steps the ratchet of each session that it merely tries, and stores the ruined ones.
it('sessions that were begun on both sides at once go on in step', async () => {
  const [ours, theirs] = [ownSide(), ownSide()]
  await ours.begin(theirs.bundle())
  await theirs.begin(ours.bundle())
  const [fromUs, fromThem] = [await ours.encrypt('from us'), await theirs.encrypt('from them')]
  await theirs.decrypt(fromUs)
  await ours.decrypt(fromThem)
  for (let round = 0; round < 3; round += 1) {
    expect(await theirs.decrypt(await ours.encrypt(`a${round}`))).toBe(`a${round}`)
    expect(await ours.decrypt(await theirs.encrypt(`b${round}`))).toBe(`b${round}`)
  }
})

describe('what cannot be read', () => {
  async function talking(): Promise<[Side, Side]> {
    const [first, second] = [ownSide(), ownSide()]
    await first.begin(second.bundle())
    await second.decrypt(await first.encrypt('hello'))
    await first.decrypt(await second.encrypt('hello'))
    return [first, second]
  }

  it('is a duplicate when it was read before, and leaves the session intact', async () => {
    const [first, second] = await talking()
    const message = await first.encrypt('once')
    await second.decrypt(message)
    await expect(second.decrypt(message)).rejects.toBeInstanceOf(DuplicateCiphertextError)
    expect(await second.decrypt(await first.encrypt('next'))).toBe('next')
  })

  it('is refused when a bit is wrong, and can be read when the right one comes', async () => {
    const [first, second] = await talking()
    const message = await first.encrypt('exactly this')
    const changed = Buffer.from(message.ciphertext)
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1)
    await expect(second.decrypt({ ...message, ciphertext: changed })).rejects.toThrow('The MAC is wrong')
    expect(await second.decrypt(message)).toBe('exactly this')
  })

  it('is refused when a pre-key was used up or is unknown, or the message is from a stranger', async () => {
    const [first, second] = [ownSide(), ownSide()]
    const bundle = second.bundle()
    await first.begin(bundle)
    await second.decrypt(await first.encrypt('uses the pre-key'))
    const late = ownSide()
    await late.begin(bundle)
    await expect(second.decrypt(await late.encrypt('too late'))).rejects.toThrow('There is no pre-key 1')
    await expect(ownSide().decrypt({ type: 'msg', ciphertext: Buffer.alloc(40, 0x33) })).rejects.toThrow('no session')
  })
})
