import type { InstanceId } from '#contracts/ids.ts'
import type { PairingClaims } from '#core/ports/pairing-links.ts'
import { found } from '#core/rules/not-found.ts'
import type { App, Owner } from '#core/verbs/app.ts'

/** Signs a link that pairs the instance. Throws NOT_FOUND. */
export async function createPairingLink(
  app: Pick<App, 'instances' | 'pairingLinks' | 'clock'>,
  { customerId }: Owner,
  { id, validHours }: { id: InstanceId; validHours: number },
): Promise<Pick<PairingClaims, 'expiresAt'> & { token: string }> {
  found('instance', await app.instances.get(customerId, id))
  const expiresAt = new Date(Math.floor(app.clock.now().getTime() / 1000 + validHours * 3_600) * 1000)
  return { token: await app.pairingLinks.sign({ customerId, instanceId: id, expiresAt }), expiresAt }
}
