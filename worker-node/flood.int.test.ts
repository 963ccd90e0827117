import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { selfSender } from '#core/ports/messages.ts'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import { seedCustomer, seedInstance } from '#core/testing/seed.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { makeWorkerWorld, type WorkerWorld } from '#worker-node/testing/worker-world.ts'

const flood = 20_000
const chats = 100
/** What an instance has on its way at most, twice: what was there when a message came, and what follows while it is sent. */
const mostBetween = 128

let world: WorkerWorld
beforeAll(async () => {
  world = await makeWorkerWorld()
})
afterAll(() => world.stop())

it('20,000 queued messages of one customer do not hold up the messages of another', async () => {
  const { seed, simulator, serverId } = world
  const worker = await world.makeWorker()
  await worker.start()
  const quietCustomer = await seedCustomer(seed)
  const loud = await world.addInstance()
  const quiet = await seedInstance(
    seed,
    { customerId: quietCustomer, serverId },
    { state: 'created', phoneNumber: null },
    { ownerIncarnation: null },
  )
  for (const instanceId of [loud, quiet]) await world.pair(worker, instanceId, await simulator.makePhone())
  const phones = await Promise.all(Array.from({ length: chats }, () => simulator.makePhone()))
  const contact = await simulator.makePhone()

  const pool = new pg.Pool({ connectionString: world.database.url, max: 1 })
  try {
    await pool.query(
      `INSERT INTO messages (id, customer_id, instance_id, direction, chat, sender, wa_message_id, type, content, status)
       SELECT 'msg_flood' || n, $1, $2, 'outbound', ($3::text[])[1 + n % $4::int], 'self', 'FLOOD' || n, 'text',
         '{"type":"text","text":{"body":"flood"}}', 'queued'
       FROM generate_series(1, $5::int) AS n`,
      [world.customerId, loud, phones.map(({ phoneNumber }) => phoneNumber), chats, flood],
    )
    const sentOfFlood = async (since: Date, until: Date) => {
      const { rows } = await pool.query<{ count: number }>(
        'SELECT count(*)::int FROM messages WHERE instance_id = $1 AND sent_at > $2 AND sent_at < $3',
        [loud, since, until],
      )
      return rows[0]?.count ?? 0
    }
    const flows = async () => (await sentOfFlood(new Date(0), new Date(8.64e15))) >= 20
    await waitFor(flows, { what: 'the flood to flow', timeoutMs: 60_000 })

    for (let n = 0; n < 3; n++) {
      const { id, createdAt } = await seed.insert('messages', {
        id: newId('message'),
        customerId: quietCustomer,
        instanceId: quiet,
        direction: 'outbound',
        chat: contact.phoneNumber,
        sender: selfSender,
        waMessageId: newWaMessageId(),
        type: 'text',
        content: { type: 'text', text: { body: `calm ${n}` } },
        status: 'queued',
      })
      const sentAt = await waitFor(async () => (await seed.rows('messages', { id }))[0]?.sentAt ?? undefined, {
        what: 'the message of the other customer to be sent',
        timeoutMs: 60_000,
      })
      expect(await sentOfFlood(createdAt, sentAt)).toBeLessThanOrEqual(mostBetween)
    }
    const { rows } = await pool.query<{ waits: number }>(
      `SELECT count(*)::int AS waits FROM messages WHERE instance_id = $1 AND status = 'queued'`,
      [loud],
    )
    // Else it was no flood.
    expect(rows[0]?.waits).toBeGreaterThan(flood / 2)
  } finally {
    await pool.end()
  }
}, 180_000)
