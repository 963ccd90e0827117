import { removeCompanion } from '#simulator/server/remove-companion.ts'
import { childOf } from '#simulator/wire/node.ts'
import { notImplemented } from './iq-handler.ts'
import type { IqHandler } from './iq-handler.ts'

/** `md`: a companion that logs itself out. */
export const companionDevicesHandler: IqHandler = ({ world, device }, iq) => {
  const target = childOf(iq, 'remove-companion-device')
  if (!target) return notImplemented
  const ref = world.accounts.resolveDevice(target.attrs['jid'])
  if (ref?.account !== device.account || ref.deviceId !== device.id) return { code: 403, text: 'forbidden' }
  // After the answer, so that the companion hears it before its connection ends.
  setImmediate(() => removeCompanion(world, device))
  return []
}
