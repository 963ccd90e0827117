import { describe, expect, it } from 'vitest'
import { newId, type CustomerId, type InstanceId } from '#contracts/ids.ts'
import { retentionMs } from '#core/rules/retention.ts'
import type { MemoryRows } from '#core/testing/memory-rows.ts'
import { seedAdmin, seedApiKey, seedCustomer, seedInstance, seedServer, type Seed } from '#core/testing/seed.ts'
import { auditEntry } from './audit-fixture.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Kind = keyof typeof retentionMs

const bytes = (text: string) => new TextEncoder().encode(text)
/** A moment at which something of this kind is due, or a minute too young to be. */
const due = (kind: Kind, youngerMs = 0) => new Date(Date.now() - retentionMs[kind] - 1_000 + youngerMs)
const young = (kind: Kind) => due(kind, 61_000)

async function seedOwner(seed: Seed, values: Partial<MemoryRows['instances']> = {}) {
  const customerId = await seedCustomer(seed)
  return { customerId, id: await seedInstance(seed, { customerId, serverId: await seedServer(seed) }, values) }
}

async function seedEndpoint(seed: Seed, customerId: CustomerId, values: Partial<MemoryRows['webhookEndpoints']> = {}) {
  const id = newId('webhook')
  const place = { url: 'https://example.com/hooks', events: ['*'], keyRingId: 'k1', secret: bytes('s') }
  return seed.insert('webhookEndpoints', { id, customerId, ...place, ...values })
}

async function seedEvent(seed: Seed, customerId: CustomerId, occurredAt: Date, instanceId?: InstanceId) {
  const values = { customerId, type: 'webhook.test', data: {}, occurredAt, instanceId: instanceId ?? null } as const
  return seed.insert('events', { id: newId('event'), ...values })
}

async function seedMessage(
  seed: Seed,
  owner: { customerId: CustomerId; id: InstanceId },
  values: Partial<MemoryRows['messages']>,
) {
  const id = newId('message')
  const chat = '+5511999990002'
  return seed.insert('messages', {
    id,
    customerId: owner.customerId,
    instanceId: owner.id,
    direction: 'inbound',
    chat,
    sender: chat,
    waMessageId: id,
    type: 'text',
    content: { type: 'text', text: { body: 'Hello' } },
    status: 'received',
    ...values,
  })
}

export function retentionConformance(open: () => Promise<Pick<EdgeStores, 'retention' | 'seed' | 'close'>>): void {
  describe('Retention', () => {
    const opened = openForSuite(open)
    let hashes = 0
    const journal = (seed: Seed, instanceId: InstanceId, values: Partial<MemoryRows['inboundJournal']>) =>
      seed.insert('inboundJournal', {
        instanceId,
        ciphertextHash: bytes(`hash ${++hashes}`),
        waMessageId: 'WA1',
        stanza: { from: '1@s.whatsapp.net' },
        plaintext: bytes('secret'),
        epoch: 1,
        ...values,
      })
    const seqs = async (seed: Seed, instanceId: InstanceId) =>
      (await seed.rows('inboundJournal', { instanceId })).map(({ seq }) => seq).toSorted((a, b) => a - b)

    it('empties the journal after 7 days down to the hash, oldest first, and never what is not projected', async () => {
      const { retention, seed } = opened()
      const { id } = await seedOwner(seed)
      const projectedAt = new Date()
      const second = await journal(seed, id, { receivedAt: due('journalPlaintext'), projectedAt })
      const first = await journal(seed, id, {
        receivedAt: due('journalPlaintext', -1_000),
        projectedAt,
        undecodableBy: '0.0.1',
      })
      const fresh = await journal(seed, id, { receivedAt: young('journalPlaintext'), projectedAt })
      const waiting = await journal(seed, id, { receivedAt: due('journalHash') })
      expect(await retention.emptyJournalAcrossCustomers(1)).toBe(1)
      const row = async ({ seq }: { seq: number }) => (await seed.rows('inboundJournal', { instanceId: id, seq }))[0]
      expect(await row(first)).toMatchObject({
        ciphertextHash: first.ciphertextHash,
        plaintext: new Uint8Array(),
        stanza: {},
        undecodableBy: null,
      })
      expect(await row(second)).toEqual(second)
      expect(await retention.emptyJournalAcrossCustomers(10)).toBe(1)
      expect(await retention.emptyJournalAcrossCustomers(10)).toBe(0)
      for (const kept of [fresh, waiting]) expect(await row(kept)).toEqual(kept)
    })

    it('forgets hashes after 14 days, but no row that still has its plaintext or waits', async () => {
      const { retention, seed } = opened()
      const { id } = await seedOwner(seed)
      const projectedAt = new Date()
      const emptied = { plaintext: new Uint8Array(), projectedAt }
      await journal(seed, id, { receivedAt: due('journalHash'), ...emptied })
      const kept = [
        await journal(seed, id, { receivedAt: young('journalHash'), ...emptied }),
        await journal(seed, id, { receivedAt: due('journalHash'), projectedAt }),
        await journal(seed, id, { receivedAt: due('journalHash') }),
        await journal(seed, id, { receivedAt: due('journalHash'), plaintext: new Uint8Array() }),
      ]
      expect(await retention.purgeJournalAcrossCustomers(10)).toBe(1)
      expect(await seqs(seed, id)).toEqual(kept.map(({ seq }) => seq))
    })

    it('forgets what could not be decrypted, resolved or not', async () => {
      const { retention, seed } = opened()
      const { id: instanceId } = await seedOwner(seed)
      const row = (waMessageId: string, failedAt: Date, resolvedAt: Date | null) => {
        const values = { instanceId, waMessageId, chat: '+1', sender: '+1', messageId: newId('message') }
        return seed.insert('undecryptableMessages', { ...values, failedAt, resolvedAt })
      }
      await row('A', due('undecryptable'), null)
      await row('B', due('undecryptable'), new Date())
      await row('C', young('undecryptable'), null)
      expect(await retention.purgeUndecryptableAcrossCustomers(1)).toBe(1)
      expect(await retention.purgeUndecryptableAcrossCustomers(10)).toBe(1)
      expect(await seed.rows('undecryptableMessages', { instanceId })).toMatchObject([{ waMessageId: 'C' }])
    })

    it('lets attempts go after 30 days, and an event with its deliveries when it has none left', async () => {
      const { retention, seed } = opened()
      const { customerId } = await seedOwner(seed)
      const endpoint = await seedEndpoint(seed, customerId)
      const event = await seedEvent(seed, customerId, due('events'))
      const key = { eventId: event.id, endpointId: endpoint.id }
      await seed.insert('deliveries', { ...key, customerId, lane: 'l', status: 'delivered', attempts: 2 })
      const attempt = (number: number, attemptedAt: Date) =>
        seed.insert('deliveryAttempts', { ...key, attempt: number, durationMs: 1, attemptedAt })
      await attempt(1, due('deliveryAttempts'))
      await attempt(2, young('deliveryAttempts'))
      expect(await retention.purgeDeliveryAttemptsAcrossCustomers(10)).toBe(1)
      expect(await seed.rows('deliveryAttempts', key)).toMatchObject([{ attempt: 2 }])
      expect(await retention.purgeEventsAcrossCustomers(10)).toBe(0)
      await seed.update('deliveryAttempts', key, { attemptedAt: due('deliveryAttempts') })
      expect(await retention.purgeDeliveryAttemptsAcrossCustomers(10)).toBe(1)
      expect(await retention.purgeEventsAcrossCustomers(10)).toBe(1)
      expect(await seed.rows('deliveries', key)).toEqual([])
    })

    it('keeps old events that an enabled endpoint still has to get, and lets those behind them go', async () => {
      const { retention, seed } = opened()
      const { customerId } = await seedOwner(seed)
      const pendingTo = async (values: Partial<MemoryRows['webhookEndpoints']>, occurredAt: Date) => {
        const endpoint = await seedEndpoint(seed, customerId, values)
        const event = await seedEvent(seed, customerId, occurredAt)
        await seed.insert('deliveries', { eventId: event.id, endpointId: endpoint.id, customerId, lane: 'l' })
        return event.id
      }
      const awaited = await pendingTo({}, due('events', -3_000))
      await pendingTo({ status: 'disabled' }, due('events', -2_000))
      await pendingTo({ deletedAt: new Date() }, due('events', -1_000))
      await seedEvent(seed, customerId, due('events'))
      const fresh = await seedEvent(seed, customerId, young('events'))
      expect(await retention.purgeEventsAcrossCustomers(2)).toBe(2)
      expect(await retention.purgeEventsAcrossCustomers(2)).toBe(1)
      const left = (await seed.rows('events', { customerId })).map(({ id }) => id)
      expect(left.toSorted()).toEqual([awaited, fresh.id].toSorted())
    })

    it('lets messages go after 90 days, unless they are still to be sent', async () => {
      const { retention, seed } = opened()
      const owner = await seedOwner(seed)
      const createdAt = due('messages')
      await seedMessage(seed, owner, { createdAt })
      const queued = await seedMessage(seed, owner, { createdAt, direction: 'outbound', status: 'queued' })
      const sending = await seedMessage(seed, owner, { createdAt, direction: 'outbound', status: 'sending' })
      await seedMessage(seed, owner, {
        createdAt,
        direction: 'outbound',
        status: 'failed',
        failure: 'DELIVERY_UNKNOWN',
      })
      const fresh = await seedMessage(seed, owner, { createdAt: young('messages') })
      expect(await retention.purgeMessagesAcrossCustomers(1_000)).toBe(2)
      const left = (await seed.rows('messages', { instanceId: owner.id })).map(({ id }) => id)
      expect(left.toSorted()).toEqual([queued.id, sending.id, fresh.id].toSorted())
    })

    it('erases a session 7 days after the phone logged it out, and none that pairs anew', async () => {
      const { retention, seed } = opened()
      const loggedOut = async (
        stateChangedAt: Date,
        updatedAt: Date,
        state: 'logged_out' | 'connected' = 'logged_out',
      ) => {
        const { id } = await seedOwner(seed, { state, stateChangedAt })
        const sealed = { keyRingId: 'k1', wrappedDataKey: bytes('w'), credentials: bytes('c') }
        await seed.insert('sessionCredentials', { instanceId: id, ...sealed, updatedAt })
        await seed.insert('sessionKeys', { instanceId: id, type: 'session', id: '1', value: bytes('v') })
        return id
      }
      const long = due('loggedOutSession')
      const gone = await loggedOut(long, long)
      const stay = [
        await loggedOut(young('loggedOutSession'), long),
        // The state lags behind: it is being paired.
        await loggedOut(long, new Date()),
        await loggedOut(long, long, 'connected'),
      ]
      expect(await retention.eraseLoggedOutSessionsAcrossCustomers(10)).toBe(1)
      expect(await retention.eraseLoggedOutSessionsAcrossCustomers(10)).toBe(0)
      for (const table of ['sessionCredentials', 'sessionKeys'] as const) {
        expect(await seed.rows(table, { instanceId: gone })).toEqual([])
        for (const instanceId of stay) expect(await seed.rows(table, { instanceId })).toHaveLength(1)
      }
      expect(await seed.rows('instances', { id: gone })).toMatchObject([{ state: 'logged_out' }])
    })

    it('removes deleted endpoints when their last delivery is gone', async () => {
      const { retention, seed } = opened()
      const { customerId } = await seedOwner(seed)
      const busy = await seedEndpoint(seed, customerId, { deletedAt: due('deletedEndpoint') })
      const event = await seedEvent(seed, customerId, new Date())
      await seed.insert('deliveries', {
        eventId: event.id,
        endpointId: busy.id,
        customerId,
        lane: 'l',
        status: 'dropped',
      })
      await seedEndpoint(seed, customerId, { deletedAt: due('deletedEndpoint') })
      const kept = [
        busy,
        await seedEndpoint(seed, customerId, { deletedAt: young('deletedEndpoint') }),
        await seedEndpoint(seed, customerId),
      ]
      await retention.purgeDeletedEndpointsAcrossCustomers(10)
      const left = (await seed.rows('webhookEndpoints', { customerId })).map(({ id }) => id)
      expect(left.toSorted()).toEqual(kept.map(({ id }) => id).toSorted())
    })

    it('removes a deleted instance with all that belonged to it once nothing tells of it any more', async () => {
      const { retention, seed } = opened()
      const deleted = () => seedOwner(seed, { deletedAt: due('deletedInstance') })
      const { customerId, id } = await deleted()
      const keyId = await seedApiKey(seed, customerId, { defaultInstanceId: id })
      await seed.insert('contactNumbers', { instanceId: id, lid: '1@lid', phoneNumber: '+1' })
      const told = [await deleted(), await deleted(), await deleted(), await deleted()] as const
      await seedMessage(seed, told[0], {})
      await seedEvent(seed, told[1].customerId, new Date(), told[1].id)
      await journal(seed, told[2].id, {})
      await seedEndpoint(seed, told[3].customerId, { instanceId: told[3].id })
      const stay = [...told, await seedOwner(seed), await seedOwner(seed, { deletedAt: young('deletedInstance') })]
      expect(await retention.purgeDeletedInstancesAcrossCustomers(10)).toBe(1)
      expect(await seed.rows('instances', { id })).toEqual([])
      for (const table of ['instanceLeases', 'instanceCounters', 'contactNumbers'] as const) {
        expect(await seed.rows(table, { instanceId: id })).toEqual([])
      }
      expect(await seed.rows('apiKeys', { id: keyId })).toMatchObject([{ defaultInstanceId: null }])
      for (const owner of stay) expect(await seed.rows('instances', { id: owner.id })).toHaveLength(1)
    })

    it('lets counts of minutes go after 30 days', async () => {
      const { retention, seed } = opened()
      const counts = { sent: 1, received: 1, failed: 0, latency: [] }
      await seed.insert('minuteStats', { minute: due('minuteStats'), ...counts })
      const kept = await seed.insert('minuteStats', { minute: young('minuteStats'), ...counts })
      expect(await retention.purgeMinuteStatsAcrossCustomers(10)).toBe(1)
      expect(await seed.rows('minuteStats')).toEqual([kept])
    })

    it.each([
      ['serverMinutes', 'purgeServerMinutes'],
      ['serverHours', 'purgeServerHours'],
    ] as const)('lets %s go when they are old', async (table, purge) => {
      const { retention, seed } = opened()
      const serverId = await seedServer(seed)
      await seed.insert(table, { serverId, at: due(table) })
      const kept = await seed.insert(table, { serverId, at: young(table) })
      expect(await retention[purge](10)).toBe(1)
      expect(await seed.rows(table)).toEqual([kept])
    })

    it('lets alerts go 90 days after they were resolved, and none that is not', async () => {
      const { retention, seed } = opened()
      const alert = (resolvedAt: Date | null) => {
        const id = newId('alert')
        const openedAt = due('alerts')
        return seed.insert('alerts', {
          id,
          kind: 'server-down',
          subject: id,
          customerId: null,
          details: {},
          openedAt,
          resolvedAt,
        })
      }
      await alert(due('alerts'))
      const kept = [await alert(young('alerts')), await alert(null)]
      expect(await retention.purgeAlertsAcrossCustomers(10)).toBe(1)
      expect(await retention.purgeAlertsAcrossCustomers(10)).toBe(0)
      for (const { id } of kept) expect(await seed.rows('alerts', { id })).toHaveLength(1)
    })

    it('lets entries of the audit log go after 90 days, oldest first, and none before', async () => {
      const { retention, seed } = opened()
      const adminId = await seedAdmin(seed)
      const entry = (occurredAt: Date) =>
        seed.insert('auditLogs', { ...auditEntry(adminId), customerId: null, occurredAt })
      const second = await entry(due('auditLogs'))
      await entry(due('auditLogs', -1_000))
      const fresh = await entry(young('auditLogs'))
      expect(await retention.purgeAuditLogsAcrossCustomers(1)).toBe(1)
      const left = await seed.rows('auditLogs', { adminId })
      expect(left.map(({ id }) => id).toSorted()).toEqual([second.id, fresh.id].toSorted())
      expect(await retention.purgeAuditLogsAcrossCustomers(10)).toBe(1)
      expect(await retention.purgeAuditLogsAcrossCustomers(10)).toBe(0)
      expect(await seed.rows('auditLogs', { adminId })).toEqual([fresh])
    })
  })
}
