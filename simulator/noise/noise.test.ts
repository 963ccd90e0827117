import { proto } from '@whiskeysockets/baileys/WAProto/index.js'
import { describe, expect, it } from 'vitest'
import { generateKeyPair } from '#simulator/crypto/key-pair.ts'
import { generateServerIdentity, serverIdentityOf } from './certificate-chain.ts'
import { ClientHandshake } from './client-handshake.ts'
import { FrameSplitter, frameOf } from './frames.ts'
import { NOISE_HEADER } from './handshake-state.ts'
import { ServerHandshake } from './server-handshake.ts'
import { whyChainIsRefused } from './verify-certificate-chain.ts'

const nowMs = Date.now()
const identity = serverIdentityOf(generateServerIdentity(), nowMs)
const expected = { rootPublicKey: identity.rootPublicKey, staticPublicKey: identity.staticKey.publicKey, nowMs }

describe('certificate chain', () => {
  it('is accepted by a verifier that has the root', () => {
    expect(whyChainIsRefused(identity.certificateChain, expected)).toBeUndefined()
  })

  it('is the same root after a restart', () => {
    const stored = generateServerIdentity()
    expect(serverIdentityOf(stored, nowMs).rootPublicKey).toEqual(serverIdentityOf(stored, nowMs).rootPublicKey)
  })

  it.each([
    ['signed by another root', 'the root did not sign the intermediate certificate', {}],
    ['for another static key', 'the leaf certificate is for another static key', {}],
    ['with a changed leaf', 'the intermediate did not sign the leaf certificate', {}],
    ['that has expired', 'a certificate is not valid now', {}],
  ])('is refused when it is %s', (how, reason) => {
    const forged = serverIdentityOf(generateServerIdentity(), nowMs)
    const chain = proto.CertChain.decode(identity.certificateChain)
    const cases: Record<string, string | undefined> = {
      'signed by another root': whyChainIsRefused(forged.certificateChain, expected),
      'for another static key': whyChainIsRefused(identity.certificateChain, {
        ...expected,
        staticPublicKey: forged.staticKey.publicKey,
      }),
      'with a changed leaf': whyChainIsRefused(
        proto.CertChain.encode({
          intermediate: chain.intermediate ?? null,
          leaf: { ...chain.leaf, details: proto.CertChain.decode(forged.certificateChain).leaf?.details ?? null },
        }).finish(),
        expected,
      ),
      'that has expired': whyChainIsRefused(identity.certificateChain, {
        ...expected,
        nowMs: nowMs + 20 * 365 * 864e5,
      }),
    }
    expect(cases[how]).toBe(reason)
  })
})

describe('handshake', () => {
  const noiseKey = generateKeyPair()

  function shakeHands(rootPublicKey: Uint8Array) {
    const server = new ServerHandshake(identity)
    const client = new ClientHandshake(rootPublicKey)
    const finished = client.finish(server.hello(client.hello()), noiseKey, { username: 5511987654321, device: 3 })
    return { client: finished.transport, server: server.finish(finished.message) }
  }

  it('tells the server who the client is, and gives both the same keys', () => {
    const { client, server } = shakeHands(identity.rootPublicKey)
    expect(server.staticPublicKey).toEqual(noiseKey.publicKey)
    expect(Number(server.payload.username)).toBe(5511987654321)
    for (const text of ['one', 'two']) {
      expect(server.transport.decrypt(client.encrypt(Buffer.from(text))).toString()).toBe(text)
      expect(client.decrypt(server.transport.encrypt(Buffer.from(text))).toString()).toBe(text)
    }
  })

  it('is broken off by a client that does not trust the root', () => {
    expect(() => shakeHands(generateKeyPair().publicKey)).toThrow('the root did not sign')
  })

  it('fails on a changed message and on frames out of order', () => {
    const server = new ServerHandshake(identity)
    const client = new ClientHandshake(identity.rootPublicKey)
    const hello = Buffer.from(server.hello(client.hello()))
    hello.writeUInt8(hello.readUInt8(hello.length - 1) ^ 1, hello.length - 1)
    expect(() => client.finish(hello, noiseKey, {})).toThrow()
    const transports = shakeHands(identity.rootPublicKey)
    transports.client.encrypt(Buffer.from('lost'))
    expect(() => transports.server.transport.decrypt(transports.client.encrypt(Buffer.from('next')))).toThrow()
  })
})

describe('frames', () => {
  const routing = Buffer.from([1, 2, 3, 4, 5])
  const routingHeader = Buffer.from([0x45, 0x44, 0, 1, 0, 0, routing.length])

  it.each([
    ['without', Buffer.alloc(0)],
    ['with', Buffer.concat([routingHeader, routing])],
  ])('come whole out of single bytes, %s routing info', (_which, prefix) => {
    const stream = Buffer.concat([prefix, NOISE_HEADER, frameOf(Buffer.from('hello')), frameOf(Buffer.alloc(300, 7))])
    const splitter = new FrameSplitter({ expectIntro: true })
    const frames = [...stream].flatMap((byte) => splitter.push(Buffer.from([byte])))
    expect(frames).toEqual([Buffer.from('hello'), Buffer.alloc(300, 7)])
  })

  it('refuses a stream that is not WhatsApp', () => {
    expect(() => new FrameSplitter({ expectIntro: true }).push(Buffer.from('GET / HTTP/1.1'))).toThrow('no WhatsApp')
  })
})
