import type { PairingView } from '#contracts/http/pairing.ts'
import type { Customer } from '#core/ports/customers.ts'
import type { Instance } from '#core/ports/instances.ts'
import type { PairingClaims } from '#core/ports/pairing-links.ts'

/** An instance as the bearer of a pairing link sees it: no ids, no numbers. */
export function presentPairing(
  { customer, expiresAt }: Pick<PairingClaims, 'expiresAt'> & { customer: Customer },
  { name, state, reason }: Pick<Instance, 'name' | 'state' | 'reason'>,
): PairingView {
  return {
    customer_name: customer.name,
    instance_name: name,
    state,
    reason,
    link_expires_at: expiresAt.toISOString(),
  }
}
