import type { QrView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { Actor, App } from '#core/verbs/app.ts'
import { commandInstance } from './command-instance.ts'

/** Throws INSTANCE_NOT_PAIRING when there is no code to scan, CONFLICT when it is stopped and WORKER_UNAVAILABLE. */
export function getQr(app: Pick<App, 'instances' | 'gateway'>, actor: Actor, id: InstanceId): Promise<QrView> {
  return commandInstance(app, actor, id, 'qr', {})
}
