import type { PairingCodeView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { App, Owner } from '#core/verbs/app.ts'
import { commandInstance } from './command-instance.ts'

/** Throws INSTANCE_NOT_PAIRING, PAIRING_REFUSED, CONFLICT when it is stopped and WORKER_UNAVAILABLE. */
export function requestPairingCode(
  app: Pick<App, 'instances' | 'gateway'>,
  actor: Owner,
  input: { id: InstanceId; phoneNumber: string },
): Promise<PairingCodeView> {
  return commandInstance(app, actor, input.id, 'pairing-code', { phone_number: input.phoneNumber })
}
