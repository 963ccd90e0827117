import type { InstanceId } from '#contracts/ids.ts'
import type { App, Owner } from '#core/verbs/app.ts'
import { commandOwner } from './command-instance.ts'

/**
 * After the answer, tells the worker to look at an instance now. The worker would find the change by itself at its next
 * look, so nothing depends on this.
 */
export function hintSync(app: Pick<App, 'instances' | 'gateway' | 'background'>, actor: Owner, id: InstanceId): void {
  app.background.run(async () => {
    const route = await app.instances.route(actor.customerId, id)
    if (route !== undefined && route.incarnation !== null) await commandOwner(app, actor, route, 'sync', {})
  })
}
