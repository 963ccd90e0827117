import assert from 'node:assert/strict'
import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import type { ServerView } from '#contracts/http/servers.ts'
import { logIn } from '#local/client/log-in.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { Stage } from '#tests/ops/stage/open-stage.ts'

const timeoutMs = 180_000

/** Every instance is connected, and held by the worker of one of these machines. */
export async function untilHeldBy(stage: Stage, names: readonly string[]): Promise<void> {
  const admin = await logIn(stage.stack.url, stage.admin)
  await waitFor(
    async () => {
      const { data } = await admin.request<FleetInstanceView[]>('GET', '/api/admin/instances?limit=100')
      const told = data.map(({ state, held_by }) => `${state} at ${held_by?.name ?? 'nobody'}`)
      assert(
        data.every(({ state, held_by }) => state === 'connected' && names.includes(held_by?.name ?? '')),
        `not all instances are at ${names.join(' or ')}: ${told.join(', ')}`,
      )
      return data.length > 0
    },
    { what: 'the instances', timeoutMs, intervalMs: 100 },
  )
}

/** Every instance moves to the machine's server. */
export async function moveAllTo(stage: Stage, name: string): Promise<void> {
  const admin = await logIn(stage.stack.url, stage.admin)
  const server = (await serversNow(stage)).find((one) => one.name === name)
  const { data } = await admin.request<FleetInstanceView[]>('GET', '/api/admin/instances?limit=100')
  const elsewhere = data.filter((instance) => instance.server.id !== server!.id)
  for (const { id } of elsewhere)
    await admin.request('POST', `/api/admin/instances/${id}/move`, { body: { server_id: server!.id } })
  await untilHeldBy(stage, [name])
}

async function serversNow(stage: Stage): Promise<ServerView[]> {
  const admin = await logIn(stage.stack.url, stage.admin)
  return (await admin.request<ServerView[]>('GET', '/api/admin/servers?limit=100')).data
}

/** The fleet as it should be: the server of each of these machines active and healthy, its lease live, and no other server. */
export async function untilAllServe(stage: Stage, names: readonly string[]): Promise<void> {
  await waitFor(
    async () => {
      const servers = await serversNow(stage)
      assert.deepEqual(servers.map(({ name }) => name).toSorted(), names)
      const told = servers.map(
        ({ name, status, lease, health }) => `${name} is ${status}, ${health}, lease ${lease.live}`,
      )
      assert(
        servers.every(({ status, lease, health }) => status === 'active' && lease.live && health === 'healthy'),
        told.join('; '),
      )
      return true
    },
    { what: 'all servers to be active and healthy', timeoutMs, intervalMs: 200 },
  )
}
