import { newId, type CustomerId } from '#contracts/ids.ts'
import type { Plan } from '#contracts/plans.ts'
import { scopes } from '#contracts/scopes.ts'
import type { Customers } from '#core/ports/customers.ts'
import { newApiKey } from '#core/rules/api-key.ts'
import { hashApiKey } from '#edge/adapters/key-hash.ts'

/** Makes a customer with a key of all scopes. Straight into the database, without an admin: for tests and the demo. */
export async function createCustomer(
  customers: Customers,
  customer: { name: string; plan: Plan },
): Promise<{ customerId: CustomerId; apiKey: string }> {
  const customerId = newId('customer')
  const { key, publicId } = newApiKey('test')
  await customers.create(
    { id: customerId, ...customer },
    {
      keyId: newId('apiKey'),
      publicId,
      secretHash: await hashApiKey(key),
      name: 'first key',
      scopes,
    },
  )
  return { customerId, apiKey: key }
}
