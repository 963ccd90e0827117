import fc from 'fast-check'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { messageFailures, messageStatuses, type MessageFailure } from '#contracts/message-status.ts'
import { presentMessage } from '#core/rules/present-message.ts'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { openSqlWorld } from '#db/testing/worker/sql-world.ts'
import { seedMessage, seedOwnedInstance } from '#db/testing/worker/worker-seeds.ts'
import { testDatabaseKinds } from '#local/testing/test-databases.ts'
import { messageView } from './message-view-sql.ts'

const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ' '))
const moment = fc.option(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }))
const anyMessage = fc.record({
  direction: fc.constantFrom('outbound' as const, 'inbound' as const),
  chat: fc.constantFrom('+5511999990002', '1203@g.us'),
  sender: fc.constantFrom('self', '+5511999990002', '95@lid'),
  status: fc.constantFrom(...messageStatuses),
  failure: fc.option(fc.constantFrom(...(Object.keys(messageFailures) as MessageFailure[]))),
  contextMessageId: fc.option(fc.constant(newId('message'))),
  content: fc.oneof(
    text.map((body) => ({ type: 'text' as const, text: { body } })),
    text.map((kind) => ({ type: 'unsupported' as const, unsupported: { kind } })),
  ),
  sentAt: moment,
  deliveredAt: moment,
  readAt: moment,
  expiresAt: moment,
})

describe.each(testDatabaseKinds())('the view of a message in SQL on %s', (kind) => {
  const world = openForSuite(() => openSqlWorld(kind))

  it.each([null, '+5511999990001'])('is that of presentMessage, with own number %s', async (phoneNumber) => {
    const { seed, database } = world()
    const owned = await seedOwnedInstance(seed, { phoneNumber })
    for (const values of fc.sample(anyMessage, 60)) await seedMessage(seed, owned, values)
    const expected = (await seed.rows('messages', { instanceId: owned.instanceId })).map((message) =>
      presentMessage(message, phoneNumber),
    )
    const { rows } = await database.execute<{ view: { id: string } }>(sql`
      SELECT ${messageView} AS view FROM messages m JOIN instances i ON i.id = m.instance_id
      WHERE i.id = ${owned.instanceId}`)
    const shown = new Map(rows.map(({ view }) => [view.id, view]))
    expect(shown.size).toBe(60)
    for (const view of expected) expect(shown.get(view.id)).toEqual(view)
  })
})
