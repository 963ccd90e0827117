import assert from 'node:assert/strict'
import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import type { InstanceView } from '#contracts/http/instances.ts'
import type { MessageView } from '#contracts/http/message-view.ts'
import type { ServerView } from '#contracts/http/servers.ts'
import type { InstanceId, ServerId } from '#contracts/ids.ts'
import { createApiClient, type ApiClient } from '#local/client/api-client.ts'
import { logIn } from '#local/client/log-in.ts'
import type { Progress } from '#local/stack/progress.ts'
import type { Stack } from '#local/stack/start-stack.ts'
import { freePort } from '#local/testing/free-port.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { Phone } from '#simulator/api.ts'
import { runAdminCreate, runPrintedCommand, type EnrolledWorker } from './operator-commands.ts'
import { pairByQr, whenConnected } from './pair-instance.ts'

const moveTimeoutMs = 30_000

/**
 * What a new operator does: an admin, a server that a third worker enrolls as, a customer with an instance on it, and that
 * server emptied while messages flow. Each step throws unless it held.
 */
export async function runFleetDemo(stack: Stack, progress: Progress): Promise<void> {
  const { simulator } = stack
  assert(simulator, 'The demo needs the simulator.')
  const email = `operator-${crypto.randomUUID()}@example.com`
  const password = await progress.step(
    'admin:create',
    () => runAdminCreate(stack.dataDir, email),
    () => email,
  )
  const admin = await progress.step('log in', () => logIn(stack.url, { email, password }))
  const server = await progress.step(
    'add a server',
    () => addServer(admin),
    ({ id }) => id,
  )
  const worker = await progress.step(
    'its worker enrolls',
    () => runPrintedCommand(server.enrollment.command, stack.dataDir),
    () => server.enrollment.command.replace(/wet_\w+/, 'wet_...'),
  )
  try {
    const serverId = server.id
    await progress.step('the server is active', () => serverIsActive(admin, serverId))
    const customer = await progress.step(
      'customer and key',
      () => addCustomer(admin),
      ({ id }) => id,
    )
    const api = createApiClient(stack.url, customer.api_key.secret)
    const instance = await progress.step(
      'instance',
      async () => (await api.request<InstanceView>('POST', '/api/v1/instances', { body: { name: 'shop' } })).data,
      ({ id }) => id,
    )
    const [own, contact] = [await simulator.makePhone({ name: 'Shop' }), await simulator.makePhone({ name: 'Contact' })]
    await progress.step('paired', async () => {
      await pairByQr(api, instance.id, own)
      await whenConnected(api, instance.id)
    })
    await progress.step('placed on the server', () => moveTo(admin, instance.id, serverId), heldBy)
    await emptyWithMessages({ admin, api, serverId, instanceId: instance.id, contact, worker }, progress)
  } finally {
    await worker.stop()
  }
}

async function addServer(admin: ApiClient) {
  const body = {
    name: `third-${Date.now()}`,
    url: `http://127.0.0.1:${await freePort()}`,
    region: 'local',
    ip_address: '127.0.0.1',
    max_capacity: 10,
  }
  const { data } = await admin.request<ServerView & { enrollment: { command: string } }>('POST', '/api/admin/servers', {
    body,
  })
  assert.equal(data.status, 'provisioning')
  return data
}

async function serverIsActive(admin: ApiClient, id: ServerId): Promise<void> {
  const { data } = await admin.request<ServerView>('GET', `/api/admin/servers/${id}`)
  assert.equal(data.status, 'active')
  assert(data.lease.live, 'Its worker holds the lease.')
  assert(data.enrolled_at !== null && data.cpu_cores !== null, 'Its worker told what it is.')
}

async function addCustomer(admin: ApiClient) {
  const body = { name: 'Shop', plan: 'business' }
  const { data } = await admin.request<{ id: string; api_key: { secret: string } }>('POST', '/api/admin/customers', {
    body,
  })
  return data
}

/** Orders the move, and waits until the server's worker holds the session. */
async function moveTo(admin: ApiClient, id: InstanceId, serverId: ServerId): Promise<FleetInstanceView> {
  await admin.request('POST', `/api/admin/instances/${id}/move`, { body: { server_id: serverId } })
  return whenHeld(admin, id, (holder) => holder === serverId)
}

function whenHeld(
  admin: ApiClient,
  id: InstanceId,
  isRight: (serverId: ServerId) => boolean,
): Promise<FleetInstanceView> {
  return waitFor(
    async () => {
      const { data } = await admin.request<FleetInstanceView>('GET', `/api/admin/instances/${id}`)
      const there = data.held_by !== null && data.held_by.id === data.server.id && isRight(data.held_by.id)
      return there && data.state === 'connected' ? data : undefined
    },
    { what: `${id} to be held where it is placed`, timeoutMs: moveTimeoutMs, intervalMs: 50 },
  )
}

function heldBy({ held_by }: FleetInstanceView): string {
  return `held by ${held_by?.name}`
}

interface Scene {
  admin: ApiClient
  api: ApiClient
  serverId: ServerId
  instanceId: InstanceId
  contact: Phone
  worker: EnrolledWorker
}

/** Messages are sent one after the other until the instance has moved; each must be shown once. */
async function emptyWithMessages(scene: Scene, progress: Progress): Promise<void> {
  const { admin, api, serverId, instanceId, contact, worker } = scene
  const path = `/api/admin/servers/${serverId}`
  const sent: MessageView[] = []
  let moved = false
  const flow = sendUntil(() => moved && sent.length >= 10, { api, instanceId, to: contact.phoneNumber, sent })
  try {
    await waitFor(() => sent.length > 0, { what: 'the first message' })
    await progress.step('drain it', () => admin.request('POST', `${path}/drain`))
    await progress.step('the instance moves', () => whenHeld(admin, instanceId, (id) => id !== serverId), heldBy)
    await progress.step('the drain is done', () =>
      waitFor(async () => (await admin.request<ServerView>('GET', path)).data.drain?.done, {
        what: 'the drain to be done',
        timeoutMs: moveTimeoutMs,
        intervalMs: 50,
      }),
    )
  } finally {
    moved = true
    await flow
  }
  await progress.step(
    'each message shown once',
    () => shownOnce(contact, sent),
    () => `${sent.length} messages`,
  )
  await progress.step('remove the server', async () => {
    await worker.stop()
    await admin.request('DELETE', path)
  })
}

async function sendUntil(
  isOver: () => boolean,
  { api, instanceId, to, sent }: { api: ApiClient; instanceId: InstanceId; to: string; sent: MessageView[] },
): Promise<void> {
  while (!isOver()) {
    const { data } = await api.request<MessageView>('POST', `/api/v1/instances/${instanceId}/messages`, {
      body: { to, type: 'text', text: { body: `Message ${sent.length + 1}` } },
      // A message at a time: what waits for the new worker must not pile up.
      headers: { prefer: 'wait=10' },
    })
    sent.push(data)
  }
}

async function shownOnce(contact: Phone, sent: readonly MessageView[]): Promise<void> {
  const ids = sent.map(({ wa_message_id }) => wa_message_id)
  for (const id of ids) await contact.waitForMessage((message) => message.id === id, moveTimeoutMs)
  const shown = contact.shown().map(({ id }) => id)
  assert.deepEqual(shown.toSorted(), ids.toSorted(), 'The phone shows each message once.')
}
