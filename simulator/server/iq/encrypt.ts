import type { PublicPreKey } from '#simulator/accounts/pre-key-shelf.ts'
import { isSignedPreKeyGenuine } from '#simulator/server/registration.ts'
import { takeBundle } from '#simulator/server/take-bundle.ts'
import type { World } from '#simulator/server/world.ts'
import { bytesOf, childOf, childrenOf, makeNode, numberNode, numberOf } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import { badRequest, notImplemented } from './iq-handler.ts'
import type { IqAnswer, IqContext, IqHandler } from './iq-handler.ts'

/** Signal's key type in bundles: Curve25519. */
const KEY_TYPE = Buffer.from([5])

/** `encrypt`: counting, uploading, fetching and rotating Signal keys. */
export const encryptHandler: IqHandler = (context, iq) => {
  const [first] = childrenOf(iq)
  switch (first?.tag) {
    case 'count':
      return [makeNode('count', { value: String(context.world.preKeys.count(context.device)) })]
    case 'digest':
      return [digestOf(context)]
    case 'key':
      return [bundles(context.world, childrenOf(first, 'user'))]
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

function bundles(world: World, users: BinaryNode[]): BinaryNode {
  const answers = users.map((user) => bundleNode(world, user))
  return makeNode('list', {}, answers)
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
