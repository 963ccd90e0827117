import { randomBytes, randomInt } from 'node:crypto'
import { WebSocket } from 'ws'
import { proto } from '@whiskeysockets/baileys/WAProto/index.js'
import type { LinkedDevice, Phone, Simulator } from '#simulator/api.ts'
import { generateKeyPair } from '#simulator/crypto/key-pair.ts'
import { generateSigningKey } from '#simulator/crypto/signing-key.ts'
import { ClientHandshake } from '#simulator/noise/client-handshake.ts'
import { FrameSplitter, frameOf } from '#simulator/noise/frames.ts'
import { NOISE_HEADER } from '#simulator/noise/handshake-state.ts'
import { DEVICE_SIGNATURE_PREFIX } from '#simulator/phones/link-companion.ts'
import { prefixed } from '#simulator/signal/whisper-message.ts'
import { bytesOf, childOf, decodeNode, encodeNode, makeNode, textOf } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'

/** What a light client is known by; made once, used by each of its connections. */
export interface LightIdentity {
  noiseKey: ReturnType<typeof generateKeyPair>
  identity: ReturnType<typeof generateSigningKey>
  registrationId: number
  advSecret: Buffer
  device: LinkedDevice | undefined
}

/**
 * A companion of a few hundred lines that pairs and logs in on the real wire: some 5 ms of CPU where Baileys takes 190,
 * so that hundreds fit into a test. It confirms every message without reading it.
 */
export interface LightClient {
  send(node: BinaryNode): void
  /** Resolves with the next stanza that matches, past ones not included. */
  next(match: (node: BinaryNode) => boolean): Promise<BinaryNode>
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>
  close(): void
}

export function lightIdentity(): LightIdentity {
  return {
    noiseKey: generateKeyPair(),
    identity: generateSigningKey(),
    registrationId: randomInt(1, 16_380),
    advSecret: randomBytes(32),
    device: undefined,
  }
}

/** Registers, shows a QR to the phone, signs, and returns once the server asked for the log-in. */
export async function pairLightClient(simulator: Simulator, phone: Phone, who: LightIdentity): Promise<void> {
  let pairDevice: (node: BinaryNode) => void = () => undefined
  const shown = new Promise<BinaryNode>((resolve) => (pairDevice = resolve))
  const client = await connect(simulator, who, registrationPayload(who), (node, reply) => {
    const { id } = node.attrs
    if (childOf(node, 'pair-device')) {
      reply(makeNode('iq', { to: '@s.whatsapp.net', type: 'result', id }))
      pairDevice(node)
    }
    const success = childOf(node, 'pair-success')
    if (success) reply(makeNode('iq', { to: '@s.whatsapp.net', type: 'result', id }, [signBack(who, success)]))
  })
  const node = await Promise.race([shown, client.closed])
  if (!node) throw new Error('The server refused the registration and showed no QR.')
  const ref = textOf(childOf(childOf(node, 'pair-device'), 'ref'))
  const keys = [who.noiseKey.publicKey, who.identity.publicKey, who.advSecret].map((key) => key.toString('base64'))
  who.device = await phone.scan([ref, ...keys].join(','))
  await client.closed
}

/** Logs in and resolves when the server has sent everything that waited. */
export async function logInLightClient(simulator: Simulator, who: LightIdentity): Promise<LightClient> {
  const { jid = '', deviceId = 0 } = who.device ?? {}
  const username = Number(jid.split(':')[0])
  let ready: () => void = () => undefined
  const isReady = new Promise<void>((resolve) => (ready = resolve))
  const payload = { username, device: deviceId, passive: true, pull: true }
  const client = await connect(simulator, who, payload, (node, reply) => {
    const { id, from, type } = node.attrs
    if (node.tag === 'success') {
      const attrs = { to: '@s.whatsapp.net', type: 'set', xmlns: 'passive', id: 'PASSIVE' }
      reply(makeNode('iq', attrs, [makeNode('active')]))
    } else if (childOf(node, 'offline')) {
      ready()
    } else if (node.tag === 'message') {
      reply(makeNode('receipt', { id, to: from }))
    } else if (node.tag === 'receipt' || node.tag === 'notification') {
      reply(makeNode('ack', { id, to: from, class: node.tag, type }))
    }
  })
  await isReady
  return client
}

async function connect(
  simulator: Simulator,
  who: LightIdentity,
  payload: proto.IClientPayload,
  handle: (node: BinaryNode, reply: (answer: BinaryNode) => void) => void,
): Promise<LightClient> {
  const socket = new WebSocket(simulator.url)
  const handshake = new ClientHandshake(simulator.rootPublicKey)
  const splitter = new FrameSplitter({ expectIntro: false })
  const watchers = new Set<(node: BinaryNode) => void>()
  let transport: ReturnType<ClientHandshake['finish']>['transport'] | undefined
  const send = (node: BinaryNode): void => {
    if (transport) socket.send(frameOf(transport.encrypt(encodeNode(node))))
  }
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('open', () => socket.send(Buffer.concat([NOISE_HEADER, frameOf(handshake.hello())])))
    socket.on('message', (data) => {
      for (const frame of splitter.push(data as Buffer)) {
        if (!transport) {
          const finished = handshake.finish(frame, who.noiseKey, payload)
          transport = finished.transport
          socket.send(frameOf(finished.message))
          resolve()
          continue
        }
        const node = decodeNode(transport.decrypt(frame))
        for (const watcher of watchers) watcher(node)
        handle(node, send)
      }
    })
  })
  const next: LightClient['next'] = (match) =>
    new Promise((resolve) => {
      const watcher = (node: BinaryNode): void => {
        if (!match(node)) return
        watchers.delete(watcher)
        resolve(node)
      }
      watchers.add(watcher)
    })
  return { send, next, closed, close: () => socket.close() }
}

function registrationPayload(who: LightIdentity): proto.IClientPayload {
  const signedPreKey = generateKeyPair()
  const eRegid = Buffer.alloc(4)
  eRegid.writeUInt32BE(who.registrationId)
  return {
    devicePairingData: {
      eRegid,
      eKeytype: Buffer.from([5]),
      eIdent: who.identity.publicKey,
      eSkeyId: Buffer.from([0, 0, 1]),
      eSkeyVal: signedPreKey.publicKey,
      eSkeySig: who.identity.sign(prefixed(signedPreKey.publicKey)),
      deviceProps: proto.DeviceProps.encode({ os: 'Light' }).finish(),
    },
  }
}

function signBack(who: LightIdentity, success: BinaryNode): BinaryNode {
  const container = proto.ADVSignedDeviceIdentityHMAC.decode(
    bytesOf(childOf(success, 'device-identity')) ?? Buffer.alloc(0),
  )
  const signed = proto.ADVSignedDeviceIdentity.decode(container.details ?? Buffer.alloc(0))
  const { details, accountSignature, accountSignatureKey } = signed
  if (!details || !accountSignatureKey) throw new Error('The phone signed nothing.')
  const message = Buffer.concat([DEVICE_SIGNATURE_PREFIX, details, who.identity.publicKey, accountSignatureKey])
  const answer = { details, accountSignature, deviceSignature: who.identity.sign(message) }
  const encoded = proto.ADVSignedDeviceIdentity.encode(answer).finish()
  return makeNode('pair-device-sign', {}, [makeNode('device-identity', { 'key-index': '1' }, encoded)])
}
