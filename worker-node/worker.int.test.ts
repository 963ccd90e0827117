import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventDataSchemas } from '#contracts/events.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { z } from 'zod'
import { workerHealthSchema } from '#contracts/worker-protocol.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { Phone } from '#simulator/api.ts'
import { loseRetryReceipts } from '#worker-node/testing/lose-retry-receipts.ts'
import { exposedValue } from '#worker-node/testing/parse-exposition.ts'
import { makeWorkerWorld, type WorkerWorld } from '#worker-node/testing/worker-world.ts'
import type { Worker } from './assemble-worker.ts'

let world: WorkerWorld
let worker: Worker
let instanceId: InstanceId
let own: Phone
let contact: Phone

beforeAll(async () => {
  world = await makeWorkerWorld()
  own = await world.simulator.makePhone()
  contact = await world.simulator.makePhone()
  worker = await world.makeWorker()
  await worker.start()
  instanceId = await world.addInstance()
})

afterAll(() => world.stop())

/** The events of one type that reached the sink with a good signature. */
const verified = (type: string) =>
  world.sink.received.flatMap(({ verified: good, event }) => (good && event?.type === type ? [event] : []))

async function messageStatus(id: string): Promise<string | undefined> {
  const [message] = await world.seed.rows('messages', { id: id as `msg_${string}` })
  return message?.status
}

describe('a worker on a real database, before a real WhatsApp protocol', () => {
  it('pairs by QR code', async () => {
    await world.pair(worker, instanceId, own)
    const [instance] = await world.seed.rows('instances', { id: instanceId })
    expect(instance).toMatchObject({ phoneNumber: own.phoneNumber, reason: null })
    expect(verified('instance.state_changed').map(({ data }) => data.state)).toContain('pairing')
    const codes = await waitFor(() => verified('instance.qr')[0] && verified('instance.qr'), {
      what: 'the QR code as an event',
    })
    expect(eventDataSchemas['instance.qr'].parse(codes[0]?.data)).toMatchObject({ instance_id: instanceId })
    expect(world.logLines.join('')).not.toContain(codes[0]?.data.qr)
  })

  it('sends what is queued, and the phone shows it once', async () => {
    const id = await world.queueText(instanceId, contact.phoneNumber, 'Hello')
    const answer = await world.command(worker, instanceId, 'outbox', { message_id: id, wait_ms: 10_000 })
    expect(answer).toMatchObject({ status: 200, body: { data: { message: { id } } } })
    const shown = await contact.waitForMessage(({ body }) => body === 'Hello')
    expect(shown.rawStanzas).toBe(1)
    await waitFor(async () => (await messageStatus(id)) === 'delivered', { what: 'the delivered receipt' })
  })

  it('ends a message to a number without WhatsApp as failed, and sends the next', async () => {
    const nobody = await world.queueText(instanceId, '+5511900000000', 'Anybody?')
    const next = await world.queueText(instanceId, contact.phoneNumber, 'You then')
    await contact.waitForMessage(({ body }) => body === 'You then')
    await waitFor(async () => (await messageStatus(nobody)) === 'failed', { what: 'the failure' })
    const failure = await waitFor(() => verified('message.failed')[0], { what: 'the webhook' })
    expect(failure).toMatchObject({ data: { id: nobody, error: { code: 'NOT_ON_WHATSAPP' } } })
    await waitFor(async () => (await messageStatus(next)) === 'delivered', { what: 'the next message' })
  })

  it('turns what arrives into a message and a webhook that verifies', async () => {
    await contact.sendText(own.phoneNumber, 'Hello yourself')
    const event = await waitFor(() => verified('message.received')[0], { what: 'the webhook' })
    expect(event.data).toMatchObject({ from: contact.phoneNumber, type: 'text', text: { body: 'Hello yourself' } })
    expect(world.sink.received.filter((webhook) => !webhook.verified)).toEqual([])
  })

  it('answers its health and refuses a token that was used', async () => {
    const health = workerHealthSchema.parse(await (await fetch(`${worker.url()}/health`)).json())
    expect(health).toMatchObject({ status: 'healthy', lease: { held: true }, sessions: { connected: 1 } })

    const [lease] = await world.seed.rows('instanceLeases', { instanceId })
    const token = await world.edge.token({
      serverId: world.serverId,
      incarnation: lease?.ownerIncarnation ?? '',
      path: `/internal/instances/${instanceId}/sync`,
      body: JSON.stringify({ epoch: lease?.epoch }),
      at: new Date(),
    })
    expect((await world.command(worker, instanceId, 'sync', {}, token)).status).toBe(200)
    expect((await world.command(worker, instanceId, 'sync', {}, token)).status).toBe(401)
  })

  it('counts all of it, for Prometheus alone', async () => {
    const scrape = async () => (await fetch(worker.metricsUrl() ?? '')).text()
    const page = await waitFor(
      async () => {
        const now = await scrape()
        // The sink has a webhook before its result is recorded.
        const delivered = exposedValue(now, 'wharf_webhook_attempts_total', { verdict: 'delivered' })
        return delivered === world.sink.received.length ? now : undefined
      },
      { what: 'every webhook to be counted' },
    )
    const value = (name: string, labels?: Record<string, string>) => exposedValue(page, name, labels) ?? 0
    expect(value('wharf_sessions', { state: 'connected' })).toBe(1)
    expect(value('wharf_server_lease_held')).toBe(1)
    expect(value('wharf_server_lease_requests_total', { request: 'claim', outcome: 'granted' })).toBe(1)
    expect(value('wharf_instances_acquired_total')).toBe(1)
    expect(value('wharf_whatsapp_logins_total')).toBe(1)
    expect(value('wharf_whatsapp_disconnects_total', { cause: 'restart-required' })).toBe(1)
    expect(value('wharf_outbox_attempts_total', { outcome: 'acked' })).toBe(2)
    expect(value('wharf_outbox_attempts_total', { outcome: 'not-on-whatsapp' })).toBe(1)
    expect(value('wharf_outbox_ack_seconds_count')).toBe(2)
    expect(value('wharf_messages_settled_total', { status: 'sent' })).toBe(2)
    expect(value('wharf_messages_settled_total', { status: 'failed' })).toBe(1)
    expect(value('wharf_message_acceptance_to_sent_seconds_count')).toBe(2)
    expect(value('wharf_receipts_total', { status: 'delivered' })).toBe(2)
    expect(value('wharf_inbound_journaled_total')).toBeGreaterThanOrEqual(1)
    expect(value('wharf_inbound_projected_total', { result: 'message' })).toBe(1)
    expect(value('wharf_inbound_undecodable_total')).toBe(0)
    expect(value('wharf_webhook_claims_total')).toBeGreaterThan(5)
    expect(value('wharf_webhook_attempt_seconds_count')).toBeGreaterThan(5)
    expect(value('wharf_commands_total', { command: 'outbox', code: 'OK' })).toBe(1)
    expect(value('wharf_commands_total', { command: 'sync', code: 'INVALID_SERVICE_TOKEN' })).toBe(1)
    expect(value('wharf_database_operation_seconds_count', { store: 'outbox' })).toBeGreaterThan(3)
    expect(exposedValue(page, 'wharf_database_errors_total')).toBeUndefined()
    expect(page).not.toContain(instanceId)
    expect((await fetch(`${worker.url()}/metrics`)).status).toBe(404)
  })

  it('holds new chats when WhatsApp restricts the number, tells so, and goes on where messages were exchanged', async () => {
    const stranger = await world.simulator.makePhone()
    world.simulator.faults.add({ action: { kind: 'refuse', code: 463 }, phoneNumber: own.phoneNumber, times: 1 })
    const refused = await world.queueText(instanceId, stranger.phoneNumber, 'Hello stranger')
    await waitFor(async () => (await messageStatus(refused)) === 'failed', { what: 'the failure', timeoutMs: 20_000 })
    const [told] = await world.seed.rows('events', { instanceId, type: 'instance.sending_limited' })
    expect(told?.data).toMatchObject({ reason: 'wa-restricted', effect: 'new-chats-held' })
    const held = await world.queueText(instanceId, stranger.phoneNumber, 'Anybody?')
    await world.queueText(instanceId, contact.phoneNumber, 'Still here')
    await contact.waitForMessage(({ body }) => body === 'Still here')
    expect(await messageStatus(held)).toBe('queued')
    await world.seed.update('instances', { id: instanceId }, { newChatsHeldUntil: new Date(Date.now() - 1) })
    await stranger.waitForMessage(({ body }) => body === 'Anybody?')
  })

  it('comes back from a lost connection and goes on sending', async () => {
    const before = world.simulator.connections().length
    world.simulator.disconnect({ phoneNumber: own.phoneNumber }, 'drop')
    await world.queueText(instanceId, contact.phoneNumber, 'after the drop')
    await contact.waitForMessage(({ body }) => body === 'after the drop')
    expect(world.simulator.connections()).toHaveLength(before)
  })

  it('restores its sessions after a restart without pairing, and one with corrupt credentials harms no other', async () => {
    const other = await world.addInstance()
    const otherPhone = await world.simulator.makePhone()
    await world.pair(worker, other, otherPhone)
    await worker.stop()
    const [stopped] = await world.seed.rows('instances', { id: instanceId })
    expect(stopped).toMatchObject({ state: 'disconnected', reason: 'moved' })

    await world.seed.update('sessionCredentials', { instanceId: other }, { credentials: new Uint8Array(64) })
    worker = await world.makeWorker()
    await worker.start()
    await world.waitForState(other, 'failed')
    await world.waitForState(instanceId, 'connected')
    const [corrupt] = await world.seed.rows('instances', { id: other })
    expect(corrupt?.reason).toBe('credentials-corrupt')
    await world.queueText(instanceId, contact.phoneNumber, 'still here')
    await contact.waitForMessage(({ body }) => body === 'still here')

    await world.command(worker, other, 'logout')
    await world.waitForState(other, 'logged_out')
    await world.command(worker, other, 'sync')
    await world.pair(worker, other, otherPhone)
  })

  it('pairs by code', async () => {
    const phone = await world.simulator.makePhone()
    const id = await world.addInstance()
    await world.waitForState(id, 'pairing')
    const answer = await world.command(worker, id, 'pairing-code', { phone_number: phone.phoneNumber })
    const { data } = z.object({ data: z.object({ code: z.string() }) }).parse(answer.body)
    await phone.enterCode(data.code)
    await world.waitForState(id, 'connected')
  })

  it('that loses its lease ends its sessions and takes them back under a new name', async () => {
    const [before] = await world.seed.rows('instanceLeases', { instanceId })
    const oldToken = await world.edge.token({
      serverId: world.serverId,
      incarnation: before?.ownerIncarnation ?? '',
      path: `/internal/instances/${instanceId}/sync`,
      body: JSON.stringify({ epoch: (before?.epoch ?? 0) + 1 }),
      at: new Date(),
    })
    await world.seed.update('servers', { id: world.serverId }, { incarnation: null, leaseExpiresAt: null })
    await waitFor(
      async () => {
        const [lease] = await world.seed.rows('instanceLeases', { instanceId })
        return lease?.epoch === (before?.epoch ?? 0) + 1 && lease.ownerIncarnation !== before?.ownerIncarnation
      },
      { what: 'another owner', timeoutMs: 20_000 },
    )
    await world.waitForState(instanceId, 'connected')
    expect(await world.command(worker, instanceId, 'sync', {}, oldToken)).toMatchObject({
      status: 401,
      body: { error: { code: 'INSTANCE_MOVED' } },
    })
    await world.queueText(instanceId, contact.phoneNumber, 'under a new name')
    await contact.waitForMessage(({ body }) => body === 'under a new name')
  })

  it('is not held up by a message that cannot be encoded, nor by a plaintext that cannot be decoded', async () => {
    const poison = await world.queueContent(instanceId, contact.phoneNumber, { type: 'text' })
    await world.queueText(instanceId, contact.phoneNumber, 'behind the poison')
    await contact.waitForMessage(({ body }) => body === 'behind the poison')
    await waitFor(async () => (await messageStatus(poison)) === 'failed', { what: 'the failure' })
    const failure = await waitFor(() => verified('message.failed').find(({ data }) => data.id === poison), {
      what: 'its webhook',
    })
    expect(failure).toMatchObject({ data: { error: { code: 'CONTENT_INVALID' } } })

    const [lease] = await world.seed.rows('instanceLeases', { instanceId })
    const { seq } = await world.seed.insert('inboundJournal', {
      instanceId,
      ciphertextHash: crypto.getRandomValues(new Uint8Array(32)),
      waMessageId: 'POISON',
      stanza: { id: 'POISON', from: contact.jid },
      plaintext: new Uint8Array(64).fill(0xff),
      epoch: lease?.epoch ?? 0,
    })
    await contact.sendText(own.phoneNumber, 'behind the other poison')
    await waitFor(
      () => verified('message.received').some(({ data }) => JSON.stringify(data).includes('behind the other poison')),
      { what: 'what arrived behind it' },
    )
    expect((await world.seed.rows('inboundJournal', { instanceId, seq }))[0]?.projectedAt).not.toBeNull()
    const page = await (await fetch(worker.metricsUrl() ?? '')).text()
    expect(exposedValue(page, 'wharf_inbound_undecodable_total')).toBe(1)
  })

  it('answers the retry receipt of a device from the database, in a run that never sent the message', async () => {
    const untilLost = loseRetryReceipts(world.simulator.faults, own.phoneNumber)
    const id = await world.queueText(instanceId, contact.phoneNumber, 'Read me again')
    await waitFor(async () => (await messageStatus(id)) === 'sent', { what: 'the ack' })
    await untilLost()
    await worker.stop()
    worker = await world.makeWorker()
    await worker.start()
    await contact.waitForMessage(({ body }) => body === 'Read me again')
    await waitFor(async () => (await messageStatus(id)) === 'delivered', { what: 'the receipt of the second copy' })
  })

  it('stops and starts an instance as its customer wants', async () => {
    await world.seed.update('instances', { id: instanceId }, { desired: 'stopped' })
    await world.waitForState(instanceId, 'stopped')
    await world.seed.update('instances', { id: instanceId }, { desired: 'running' })
    await world.waitForState(instanceId, 'connected')
  })

  it('has logged neither texts, numbers, keys nor tokens', () => {
    const log = world.logLines.join('')
    expect(log).toContain('A message was attempted.')
    const keyRings = [world.config.sessionKeyRing, world.config.webhookKeyRing].map((ring) => ring.split(':')[1] ?? '')
    const numbers = world.simulator.phones().map(({ phoneNumber }) => phoneNumber.slice(1))
    const texts = ['Hello', 'You then', 'after the drop', 'still here', 'under a new name']
    for (const canary of [...keyRings, ...numbers, ...texts, 'whsec_', 'eyJ', '@s.whatsapp.net']) {
      expect(log).not.toContain(canary)
    }
  })

  it('logs out: the phone no longer lists the device, and nothing of the session is kept', async () => {
    expect(own.devices()).toHaveLength(1)
    expect((await world.command(worker, instanceId, 'logout')).status).toBe(200)
    await world.waitForState(instanceId, 'logged_out')
    expect(own.devices()).toHaveLength(0)
    expect(await world.seed.rows('sessionKeys', { instanceId })).toEqual([])
  })
})
