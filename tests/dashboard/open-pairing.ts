import { ApiError } from '#contracts/errors.ts'
import { newId, type CustomerId, type InstanceId } from '#contracts/ids.ts'
import type { MemoryRows } from '#core/testing/memory-rows.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import type { WorkerdEdge } from '#edge/testing/open-workerd-edge.ts'

/** An instance that waits for a phone, and the link that a person would get. */
export interface OpenPairing {
  customerId: CustomerId
  instanceId: InstanceId
  token: string
  path: string
  /** What the worker would write as the pairing goes on. */
  becomes(values: Partial<MemoryRows['instances']>): Promise<void>
}

export const shownQr = `2@${'aB3+/'.repeat(30)},c2VjcmV0,aWRlbnRpdHk=,a2V5,1`

/** The fake worker shows `shownQr` while the instance is pairing, and makes the code ABCD1234. */
export async function openPairing(
  { seed, workerUrl, worker, pairingLinks }: WorkerdEdge,
  { customer = 'Padaria do Bairro', ...instance }: Partial<MemoryRows['instances']> & { customer?: string } = {},
): Promise<OpenPairing> {
  let { state = 'pairing' } = instance
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
  worker.answers.qr = () =>
    state === 'pairing'
      ? { qr: shownQr, expires_at: inSeconds(50) }
      : new ApiError('INSTANCE_NOT_PAIRING', 'There is no code now.')
  worker.answers['pairing-code'] = () => ({ code: 'ABCD1234', expires_at: inSeconds(150) })
  const customerId = await seedCustomer(seed, { name: customer })
  const leaseExpiresAt = new Date(Date.now() + 3_600_000)
  // No other server's run: two that held one instance would show it twice.
  const incarnation = `run of ${customerId}`
  const serverId = await seedServer(seed, { url: workerUrl, leaseExpiresAt, incarnation })
  const instanceId = newId('instance')
  const waiting = { id: instanceId, name: 'shop', state, phoneNumber: null }
  await seedInstance(seed, { customerId, serverId }, { ...waiting, ...instance })
  await seed.update('instanceLeases', { instanceId }, { ownerIncarnation: incarnation })
  const expiresAt = new Date(Date.now() + 3_600_000)
  const token = await pairingLinks.sign({ customerId, instanceId, expiresAt })
  return {
    customerId,
    instanceId,
    token,
    path: `/pair#${token}`,
    async becomes(values) {
      await seed.update('instances', { id: instanceId }, { ...values, stateChangedAt: new Date() })
      state = values.state ?? state
    },
  }
}
