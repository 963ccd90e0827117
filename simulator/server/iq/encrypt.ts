import { accountJid } from '#simulator/accounts/account.ts'
import type { Device, DeviceRef } from '#simulator/accounts/account.ts'
import type { PublicPreKey } from '#simulator/accounts/pre-key-shelf.ts'
import { isSignedPreKeyGenuine } from '#simulator/server/registration.ts'
import { newStanzaId } from '#simulator/server/pairing-desk.ts'
import type { World } from '#simulator/server/world.ts'
import type { PreKeyBundle } from '#simulator/signal/session.ts'
import { SERVER_JID, bytesOf, childOf, childrenOf, makeNode, numberNode, numberOf } from '#simulator/wire/node.ts'
import { unixSeconds } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import { addressingOf, parseJid } from '#simulator/wire/jid.ts'
import { badRequest, notImplemented } from './iq-handler.ts'
import type { IqAnswer, IqContext, IqHandler } from './iq-handler.ts'

/** Signal's key type in bundles: Curve25519. */
const KEY_TYPE = Buffer.from([5])
/** With fewer one-time pre-keys than this on the shelf, the device is asked for more. */
const LOW_PRE_KEYS = 5

/** `encrypt`: counting, uploading, fetching and rotating Signal keys. */
export const encryptHandler: IqHandler = (context, iq) => {
  const [first] = childrenOf(iq)
  switch (first?.tag) {
    case 'count':
      return [makeNode('count', { value: String(context.world.preKeys.count(context.device)) })]
    case 'digest':
      return [digestOf(context)]
    case 'key':
      return [
        makeNode(
          'list',
          {},
          childrenOf(first, 'user').map((user) => bundleNode(context.world, user)),
        ),
      ]
    case 'rotate':
      return takeSignedPreKey(context, childOf(first, 'skey')) ? [] : badRequest
    default:
      return childOf(iq, 'list') ? upload(context, iq) : notImplemented
  }
}

function upload({ world, device }: IqContext, iq: BinaryNode): IqAnswer {
  const identity = bytesOf(childOf(iq, 'identity'))
  const registrationId = numberOf(childOf(iq, 'registration'))
  const keys = childrenOf(childOf(iq, 'list'), 'key').map(readPreKey)
  if (!identity?.equals(Buffer.from(device.identityKey, 'base64')) || registrationId === undefined) return badRequest
  if (keys.includes(undefined)) return badRequest
  device.registrationId = registrationId
  if (!takeSignedPreKey({ world, device }, childOf(iq, 'skey'))) return badRequest
  world.preKeys.add(
    device,
    keys.filter((key) => key !== undefined),
  )
  return []
}

function readPreKey(node: BinaryNode): PublicPreKey | undefined {
  const id = numberOf(childOf(node, 'id'))
  const publicKey = bytesOf(childOf(node, 'value'))
  return id !== undefined && publicKey?.length === 32 ? { id, publicKey } : undefined
}

function takeSignedPreKey({ world, device }: Omit<IqContext, 'connection'>, skey: BinaryNode | undefined): boolean {
  const id = numberOf(childOf(skey, 'id'))
  const publicKey = bytesOf(childOf(skey, 'value'))
  const signature = bytesOf(childOf(skey, 'signature'))
  if (id === undefined || !publicKey || !signature) return false
  const encoded = { id, publicKey: publicKey.toString('base64'), signature: signature.toString('base64') }
  const known = device.signedPreKey
  const isKnown = known.publicKey === encoded.publicKey && known.signature === encoded.signature
  // Verifying costs a tenth of a millisecond and most uploads repeat the known key.
  if (!isKnown && !isSignedPreKeyGenuine(Buffer.from(device.identityKey, 'base64'), { publicKey, signature })) {
    return false
  }
  device.signedPreKey = encoded
  world.accounts.saveDevice(device)
  return true
}

function digestOf({ world, device }: IqContext): BinaryNode {
  const ids = world.preKeys.ids(device).map((id) => numberNode('id', id, 3))
  return makeNode('digest', {}, [
    numberNode('registration', device.registrationId, 4),
    makeNode('type', {}, KEY_TYPE),
    makeNode('identity', {}, Buffer.from(device.identityKey, 'base64')),
    makeNode('skey', {}, [numberNode('id', device.signedPreKey.id, 3)]),
    makeNode('list', {}, ids),
  ])
}

function bundleNode(world: World, user: BinaryNode): BinaryNode {
  const jid = user.attrs['jid'] ?? ''
  const ref = world.accounts.resolveDevice(jid)
  const bundle = ref && takeBundle(world, ref)
  if (!bundle) return makeNode('user', { jid }, [makeNode('error', { code: '404', text: 'item-not-found' })])
  return makeNode('user', { jid }, [
    numberNode('registration', bundle.registrationId, 4),
    makeNode('type', {}, KEY_TYPE),
    makeNode('identity', {}, bundle.identityKey),
    makeNode('skey', {}, [
      numberNode('id', bundle.signedPreKey.id, 3),
      makeNode('value', {}, bundle.signedPreKey.publicKey),
      makeNode('signature', {}, bundle.signedPreKey.signature),
    ]),
    ...(bundle.preKey
      ? [makeNode('key', {}, [numberNode('id', bundle.preKey.id, 3), makeNode('value', {}, bundle.preKey.publicKey)])]
      : []),
  ])
}

/** A bundle to begin a session with a device; uses up one of its one-time pre-keys. Undefined when there is no such device. */
export function takeBundle(world: World, ref: DeviceRef): PreKeyBundle | undefined {
  if (ref.deviceId === 0) return world.phones.get(ref.account.number)?.bundle()
  const device = ref.account.devices.get(ref.deviceId)
  if (!device) return undefined
  const preKey = world.preKeys.take(device)
  askForPreKeys(world, device)
  return {
    registrationId: device.registrationId,
    identityKey: Buffer.from(device.identityKey, 'base64'),
    signedPreKey: {
      id: device.signedPreKey.id,
      publicKey: Buffer.from(device.signedPreKey.publicKey, 'base64'),
      signature: Buffer.from(device.signedPreKey.signature, 'base64'),
    },
    preKey,
  }
}

function askForPreKeys(world: World, device: Device): void {
  const count = world.preKeys.count(device)
  const hasBeenAsked = world.queue
    .waiting(device)
    .some(({ tag, attrs }) => tag === 'notification' && attrs['type'] === 'encrypt')
  if (count >= LOW_PRE_KEYS || hasBeenAsked) return
  const attrs = { from: SERVER_JID, id: newStanzaId(), type: 'encrypt', t: unixSeconds(world.nowMs()) }
  world.queue.push(device, undefined, makeNode('notification', attrs, [makeNode('count', { value: String(count) })]))
}

/** Whether a jid in a query names a user at all. */
export function isUserJid(jid: string | undefined): boolean {
  const parsed = parseJid(jid)
  return parsed !== undefined && addressingOf(parsed) !== undefined
}

/** The jid by which an answer names an account, in the addressing of the question. */
export function answerJid(world: World, asked: string): string | undefined {
  const parsed = parseJid(asked)
  const addressing = parsed && addressingOf(parsed)
  const account = world.accounts.resolve(asked)
  return addressing && account && accountJid(account, addressing)
}
