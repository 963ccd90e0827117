import { createHash } from 'node:crypto'
import { Curve } from '@whiskeysockets/baileys'
import { SenderKeyMessage } from '@whiskeysockets/baileys/lib/Signal/Group/sender-key-message.js'
import { describe, expect, it } from 'vitest'
import { installNativeCurve } from './install-native-curve.ts'
import { libsignalCurve } from './libsignal-curve.ts'
import { withTypeByte } from './public-key.ts'
import { signXeddsa } from './sign-xeddsa.ts'
import { verifyXeddsa } from './verify-xeddsa.ts'
import { agreeX25519, generateX25519 } from './x25519.ts'

// Kept before anything is installed: what libsignal and Baileys ship.
const libsignal = { ...libsignalCurve }
const stock = { ...Curve }

const seed = 'wharf curve 1'
const cases = 200
const bytes = (text: string) => createHash('sha256').update(`${seed} ${text}`).digest()
const hex = (text: string) => Buffer.from(text, 'hex')
const basePoint = Buffer.of(9, ...Buffer.alloc(31))

/** Keys and a message that depend on the seed and the number alone; the message has up to 199 bytes. */
function caseOf(n: number) {
  const privateKey = bytes(`key ${n}`)
  const publicKey = Buffer.from(libsignal.calculateAgreement(withTypeByte(basePoint), privateKey))
  return { privateKey, publicKey, message: Buffer.alloc(n, bytes(`message ${n}`)) }
}

function flipped(original: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(original)
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at)
  return copy
}

/** Made once by libsignal 6.0.0 over the text `message N`; the signature of the third has its sign bit set. */
const libsignalAnswers = [
  {
    privateKey: 'bb5e768541d88e1ae20230ebf0c22c09eeecda12d40a4afbea578d871a53b81c',
    publicKey: '1f7537d40b7384e4e4f5fa06a89bf55a506da3928942a4edccf6d25d1d553745',
    signature:
      '04ae79a13f24b1e8da6f950ef34e6f9dd293520fae43b0aa6bbc463b7c0f4e13b40900d4a40547d23ad4491d552763876f32a9fdc3775b15ce437dc0edd1190d',
    otherPublicKey: '992febf96e3707604e5184802d8c41c62512e42b4c0ff373a9a32d76911a6a1b',
    secret: 'e4e8ab62970487d8ebc9b5991b7e1da100520f71d982a9f83d9b82dab8942605',
  },
  {
    privateKey: 'fb55774a8250b32ff8f4b484199430f524234960402f635ecb2b7881889eeee0',
    publicKey: '0c2bc4255d4164c1e1607763a5fc0bad0f48e759956556a014394318c293fb32',
    signature:
      'c2d4da96f2e605aa602238a2626d3e8b0c458be6a9018be05296aa3c91fe1d9e2e521442c0e946b5c0007f9e3c761659989e1133f9b380a927443c277a85ba0b',
    otherPublicKey: '0fd25b164fcdbc612528c80ca55de6632edf43683e146d7bbb10c534e6fdaa0d',
    secret: '876bbb79556780c0f87430f778ab8389d51310d2b037a7c00bdd9ebb728a5f42',
  },
  {
    privateKey: '463692860a7497cfe5b1fe5d3bbea1bed5f10ff137a42df6d3b1a669c5ce0b20',
    publicKey: 'a0261a282871e2b4da1fd2de3b19267f02d9818f788003c7e248a7146dd1e404',
    signature:
      '0308c34de0de885fec8488cb11b27fc08f0687f7a555b106b8894273fcc3ea94b6a2a66e3c91e9f9de42c337fb1fcd28d7406cc79a0995ed242eed628ca8e382',
    otherPublicKey: 'a96807b0846a9fb17919d05f5980c67e9d6db0d813db503b91d1d7e399540706',
    secret: '03b9fba1c6e445d6fa9c996c69b46a5b91f10182ce7c251e1046b89aa7feef60',
  },
]

/** Public keys for which everybody knows every secret and can make signatures. */
const weakPublicKeys = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

describe(`signatures (${cases} keys of the seed "${seed}")`, () => {
  it('of libsignal are accepted, with and without the type byte', () => {
    for (let n = 0; n < cases; n++) {
      const { privateKey, publicKey, message } = caseOf(n)
      const signature = libsignal.calculateSignature(privateKey, message)
      expect(verifyXeddsa(publicKey, message, signature), `case ${n}`).toBe(true)
      expect(verifyXeddsa(withTypeByte(publicKey), message, signature), `case ${n}`).toBe(true)
    }
  })

  it('of ours are accepted by libsignal', () => {
    for (let n = 0; n < cases; n++) {
      const { privateKey, publicKey, message } = caseOf(n)
      const signature = signXeddsa(privateKey, message)
      expect(libsignal.verifySignature(withTypeByte(publicKey), message, signature), `case ${n}`).toBe(true)
    }
  })

  it('that libsignal made long ago are accepted', () => {
    for (const [index, { publicKey, signature }] of libsignalAnswers.entries()) {
      expect(verifyXeddsa(hex(publicKey), Buffer.from(`message ${index + 1}`), hex(signature))).toBe(true)
    }
  })

  it('are refused when signature, message or key are changed', () => {
    for (let n = 1; n <= 20; n++) {
      const { privateKey, publicKey, message } = caseOf(n)
      const signature = signXeddsa(privateKey, message)
      expect(verifyXeddsa(publicKey, message, signature)).toBe(true)
      for (const at of [0, 31, 32, 62, 63]) {
        expect(verifyXeddsa(publicKey, message, flipped(signature, at))).toBe(false)
      }
      expect(verifyXeddsa(publicKey, flipped(message, n - 1), signature)).toBe(false)
      expect(verifyXeddsa(flipped(publicKey, 7), message, signature)).toBe(false)
      expect(verifyXeddsa(caseOf(n + 1).publicKey, message, signature)).toBe(false)
    }
  })

  it('never repeat a nonce, also not for the same message', () => {
    const { privateKey, message } = caseOf(3)
    const nonces = Array.from({ length: 8 }, () => signXeddsa(privateKey, message).toString('hex', 0, 32))
    expect(new Set(nonces).size).toBe(8)
  })

  it('do not depend on which bytes hold the key, nor on bits that X25519 ignores', () => {
    const { privateKey, publicKey, message } = caseOf(4)
    const other = Buffer.from(privateKey)
    other.writeUInt8((other.readUInt8(0) ^ 7) >>> 0, 0)
    other.writeUInt8(other.readUInt8(31) ^ 0x80, 31)
    for (const key of [privateKey, Uint8Array.from(privateKey), other]) {
      expect(verifyXeddsa(publicKey, message, signXeddsa(key, message))).toBe(true)
    }
  })

  it('of the wrong shape are refused, without an error', () => {
    const { privateKey, publicKey, message } = caseOf(5)
    const signature = signXeddsa(privateKey, message)
    expect(verifyXeddsa(publicKey.subarray(1), message, signature)).toBe(false)
    expect(verifyXeddsa(Buffer.concat([Buffer.of(6), publicKey]), message, signature)).toBe(false)
    expect(verifyXeddsa(publicKey, message, signature.subarray(1))).toBe(false)
    expect(verifyXeddsa(new Uint8Array(32).fill(255), message, signature)).toBe(false)
    expect(() => signXeddsa(privateKey.subarray(1), message)).toThrow('32 bytes')
  })

  it.each(weakPublicKeys)('are refused for the weak key %s, for which anybody can make them', (key) => {
    // R = the neutral point, s = 0: good for half of all messages, were the key accepted.
    const forged = Buffer.concat([Buffer.of(1), Buffer.alloc(63)])
    for (let n = 0; n < 16; n++) {
      expect(verifyXeddsa(hex(key), bytes(`forged ${n}`), forged)).toBe(false)
      expect(verifyXeddsa(hex(key), bytes(`forged ${n}`), Buffer.alloc(64))).toBe(false)
    }
  })
})

describe(`agreement (${cases} pairs of the seed "${seed}")`, () => {
  it('is what libsignal makes, with and without the type byte', () => {
    for (let n = 0; n < cases; n++) {
      const [{ privateKey }, { publicKey }] = [caseOf(n), caseOf(n + 1)]
      const secret = Buffer.from(libsignal.calculateAgreement(withTypeByte(publicKey), privateKey))
      expect(agreeX25519(publicKey, privateKey).equals(secret), `case ${n}`).toBe(true)
      expect(agreeX25519(withTypeByte(publicKey), privateKey).equals(secret), `case ${n}`).toBe(true)
    }
  })

  it('is what it was, and what RFC 7748 says', () => {
    for (const { privateKey, publicKey, otherPublicKey, secret } of libsignalAnswers) {
      expect(agreeX25519(basePoint, hex(privateKey)).toString('hex')).toBe(publicKey)
      expect(agreeX25519(hex(otherPublicKey), hex(privateKey)).toString('hex')).toBe(secret)
    }
    // RFC 7748, section 5.2.
    const scalar = hex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4')
    const u = hex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c')
    const result = 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552'
    expect(agreeX25519(u, scalar).toString('hex')).toBe(result)
  })

  it('of made keys is the same on both sides, also by libsignal', () => {
    for (let n = 0; n < 50; n++) {
      const [one, two] = [generateX25519(), generateX25519()]
      const secret = agreeX25519(two.publicKey, one.privateKey)
      expect(agreeX25519(one.publicKey, two.privateKey).equals(secret)).toBe(true)
      expect(
        secret.equals(Buffer.from(libsignal.calculateAgreement(withTypeByte(one.publicKey), two.privateKey))),
      ).toBe(true)
      expect(verifyXeddsa(one.publicKey, secret, signXeddsa(one.privateKey, secret))).toBe(true)
    }
  })

  it.each(weakPublicKeys)('with the weak key %s is refused, as by libsignal', (key) => {
    const { privateKey } = caseOf(6)
    expect(() => libsignal.calculateAgreement(withTypeByte(hex(key)), privateKey)).toThrow()
    expect(() => agreeX25519(hex(key), privateKey)).toThrow()
  })

  it('with keys of the wrong length is refused', () => {
    const { privateKey, publicKey } = caseOf(7)
    expect(() => agreeX25519(publicKey.subarray(1), privateKey)).toThrow('public key')
    expect(() => agreeX25519(publicKey, privateKey.subarray(1))).toThrow('32 bytes')
  })
})

describe('Baileys and libsignal with the native curve', () => {
  const { privateKey, publicKey, message } = caseOf(8)
  const forged = flipped(signXeddsa(privateKey, message), 5)

  it('refuse a forged signature, which stock Baileys accepts', () => {
    expect(stock.verify(publicKey, message, forged)).toBe(true)
    installNativeCurve()
    expect(Curve.verify(publicKey, message, forged)).toBe(false)
    expect(Curve.verify(publicKey, message, Curve.sign(privateKey, message))).toBe(true)
  })

  it('use it in the handshake, in sessions and in groups', () => {
    installNativeCurve()
    const pair = Curve.generateKeyPair()
    expect(Buffer.from(agreeX25519(basePoint, pair.private)).equals(Buffer.from(pair.public))).toBe(true)
    expect(Curve.sharedKey(pair.private, publicKey)).toEqual(Curve.sharedKey(privateKey, pair.public))

    expect(libsignalCurve.calculateAgreement).toBe(agreeX25519)
    const { pubKey, privKey } = libsignalCurve.generateKeyPair()
    expect(pubKey).toHaveLength(33)
    expect(libsignalCurve.verifySignature(pubKey, message, libsignalCurve.calculateSignature(privKey, message))).toBe(
      true,
    )

    const sent = new SenderKeyMessage(1, 1, Buffer.from('x'), privateKey).serialize()
    const verify = (serialized: Uint8Array) => () =>
      new SenderKeyMessage(null, null, null, null, serialized).verifySignature(withTypeByte(publicKey))
    expect(verify(sent)).not.toThrow()
    expect(verify(flipped(sent, sent.length - 30))).toThrow('Invalid signature!')
  })
})
