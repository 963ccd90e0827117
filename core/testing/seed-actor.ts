import { newId, type CustomerId } from '#contracts/ids.ts'
import type { Plan } from '#contracts/plans.ts'
import { scopes } from '#contracts/scopes.ts'
import { newApiKey, type KeyEnvironment } from '#core/rules/api-key.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import type { Actor } from '#core/verbs/app.ts'
import type { MemoryRows } from './memory-rows.ts'
import { seedCustomer, type Seed } from './seed.ts'

export interface SeedKeyOptions {
  environment?: KeyEnvironment
  /** What is stored of the key, made of its SHA-256; the SHA-256 itself, as the fake of the key hash wants it. */
  hash?: (keySha256: string) => string
  values?: Partial<MemoryRows['apiKeys']>
}

/** A key of all scopes. Gives the key itself and what it proves. */
export async function seedKey(
  seed: Seed,
  owner: { customerId: CustomerId; plan?: Plan },
  { environment = 'live', hash = (keySha256) => keySha256, values }: SeedKeyOptions = {},
): Promise<{ key: string; actor: Actor }> {
  const { customerId, plan = 'enterprise' } = owner
  const { key, publicId } = newApiKey(environment)
  const keySha256 = await sha256Hex(key)
  const { id: keyId } = await seed.insert('apiKeys', {
    id: newId('apiKey'),
    customerId,
    publicId,
    secretHash: hash(keySha256),
    name: 'Seeded key',
    scopes: [...scopes],
    ...values,
  })
  return { key, actor: { customerId, keyId, plan, limitOverrides: {}, keySha256, address: null } }
}

/** A customer with a key of all scopes; plan `enterprise` unless told. */
export async function seedActor(seed: Seed, plan: Plan = 'enterprise'): Promise<Actor> {
  const customerId = await seedCustomer(seed, { plan })
  return (await seedKey(seed, { customerId, plan })).actor
}
