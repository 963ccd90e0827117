import { ApiError } from '#contracts/errors.ts'
import type { PairingView } from '#contracts/http/pairing.ts'
import type { Instance } from '#core/ports/instances.ts'
import { presentPairing } from '#core/rules/present-pairing.ts'
import type { App, Guest } from '#core/verbs/app.ts'
import { startInstance } from '#core/verbs/instances/start-instance.ts'

/** Wants the instance to show a code. Throws CONFLICT when its owner has stopped it while it was linked. */
export async function startPairing(
  app: Pick<App, 'instances' | 'gateway' | 'background'>,
  guest: Guest,
): Promise<PairingView> {
  const { instance } = guest
  if (instance.state === 'connected') return presentPairing(guest, instance)
  if (isLinkedButStopped(instance)) {
    throw new ApiError('CONFLICT', 'A phone is linked, and its owner has stopped the instance.')
  }
  return presentPairing(guest, await startInstance(app, guest, guest.instanceId))
}

function isLinkedButStopped({ desired, state, phoneNumber }: Instance): boolean {
  return desired === 'stopped' && state !== 'logged_out' && phoneNumber !== null
}
