import { newId } from '#contracts/ids.ts'
import type { InstanceState } from '#contracts/instance-states.ts'
import { seedApiKey, seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import type { WorkerdEdge } from '#edge/testing/open-workerd-edge.ts'

const dayMs = 86_400_000

/** Texts that strangers may choose as names; whatever runs of them raises `window.ran`. */
export const hostileNames = [
  '<script>window.ran=1</script>',
  '<img src=x onerror="window.ran=1">',
  `"><svg onload=window.ran=1>`,
  'javascript:window.ran=1',
  '{{constructor.constructor("window.ran=1")()}}',
  '\u202Eright to left \u2066override',
  'שלום עולם مرحبا 👩‍👩‍👧‍👦🏳️‍🌈',
  'W'.repeat(100),
]

/** Customers of every plan with keys, instances and a month of usage; also those with hostile names. */
export async function seedDemo({ seed, workerUrl }: Pick<WorkerdEdge, 'seed' | 'workerUrl'>): Promise<string> {
  const serverId = await seedServer(seed, { url: workerUrl })
  for (const name of hostileNames) await seedCustomer(seed, { name, plan: 'basic' })
  for (let index = 1; index <= 24; index++) await seedCustomer(seed, { name: `Customer ${index}`, plan: 'business' })
  const customerId = await seedCustomer(seed, { name: 'Padaria do Bairro', plan: 'pro' })
  await seedApiKey(seed, customerId, { name: 'production' })
  await seedApiKey(seed, customerId, { name: '<b>staging</b>', scopes: ['messages:send'] })
  const states: InstanceState[] = ['connected', 'disconnected', 'failed']
  for (const state of states) {
    const reason = state === 'disconnected' ? 'wa-connection-lost' : state === 'failed' ? 'qr-expired' : null
    await seedInstance(seed, { customerId, serverId }, { id: newId('instance'), name: `shop ${state}`, state, reason })
  }
  for (let back = 0; back < 30; back++) {
    const day = new Date(Date.now() - back * dayMs).toISOString().slice(0, 10)
    const messages = Math.round(2600 + 1900 * Math.sin(back * 0.9))
    await seed.insert('usageDays', { customerId, day, messages, quota: 5000 })
  }
  return customerId
}
