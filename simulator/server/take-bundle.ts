import type { Device, DeviceRef } from '#simulator/accounts/account.ts'
import type { PreKeyBundle } from '#simulator/signal/session.ts'
import { SERVER_JID, makeNode, unixSeconds } from '#simulator/wire/node.ts'
import { newStanzaId } from './pairing-desk.ts'
import type { World } from './world.ts'

/** With fewer one-time pre-keys than this on the shelf, the device is asked for more. */
const LOW_PRE_KEYS = 5

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
  if (count >= LOW_PRE_KEYS) return
  const hasBeenAsked = world.queue
    .waiting(device)
    .some(({ tag, attrs }) => tag === 'notification' && attrs['type'] === 'encrypt')
  if (hasBeenAsked) return
  const attrs = { from: SERVER_JID, id: newStanzaId(), type: 'encrypt', t: unixSeconds(world.nowMs()) }
  world.queue.push(device, undefined, makeNode('notification', attrs, [makeNode('count', { value: String(count) })]))
}
