import type { Device } from '#simulator/accounts/account.ts'
import { announceDevice } from './announce-device.ts'
import { streamErrors } from './stream-errors.ts'
import type { World } from './world.ts'

/** Unlinks a device for good: its connection ends with 401, its keys and queue are gone, others hear of it. */
export function removeCompanion(world: World, device: Device): void {
  world.connections.of(device)?.end(streamErrors['device-removed']())
  world.queue.clear(device)
  world.preKeys.clear(device)
  world.accounts.removeDevice(device)
  for (const phone of world.phones.values()) phone.forgetDevice({ account: device.account, deviceId: device.id })
  announceDevice(world, device, 'remove')
  world.log(`+${device.account.number}: device ${device.id} removed`)
  world.outgoing.schedule()
}
