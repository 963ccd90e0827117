import { ApiError } from '#contracts/errors.ts'
import type { Customer } from '#core/ports/customers.ts'
import type { App, Guest, Owner } from '#core/verbs/app.ts'

/** Who asks, if the link is good and its customer is live. Throws INVALID_PAIRING_LINK, ACCOUNT_SUSPENDED. */
export async function authenticateGuest(
  app: Pick<App, 'pairingLinks' | 'customers' | 'instances'>,
  token: string | undefined,
): Promise<Guest> {
  const claims = token === undefined ? undefined : await app.pairingLinks.verify(token)
  if (claims === undefined) throw invalidPairingLink()
  const [customer, instance] = await Promise.all([
    liveCustomer(app, claims),
    app.instances.get(claims.customerId, claims.instanceId),
  ])
  if (instance === undefined) throw invalidPairingLink()
  return { ...claims, customer, instance }
}

/** Throws when the link of a guest is no longer good: asked again while something is streamed. */
export async function checkGuest(app: Pick<App, 'customers' | 'clock'>, guest: Guest): Promise<void> {
  if (guest.expiresAt <= app.clock.now()) throw invalidPairingLink()
  await liveCustomer(app, guest)
}

async function liveCustomer(app: Pick<App, 'customers'>, { customerId }: Owner): Promise<Customer> {
  const customer = await app.customers.get(customerId)
  if (customer === undefined) throw invalidPairingLink()
  if (customer.status === 'suspended') throw new ApiError('ACCOUNT_SUSPENDED', 'This account is suspended.')
  return customer
}

/** One answer for every link that opens nothing, so that nobody learns why. */
function invalidPairingLink(): ApiError {
  return new ApiError('INVALID_PAIRING_LINK', 'This link is not whole, or no longer good: ask for a new one.')
}
