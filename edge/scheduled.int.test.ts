import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId, type ServerId } from '#contracts/ids.ts'
import type { Notice } from '#core/ports/alert-notifier.ts'
import { keptForMs } from '#core/ports/idempotency.ts'
import { retentionMs } from '#core/rules/retention.ts'
import { newWebhookSecret } from '#core/rules/webhook-secret.ts'
import { listenOnLoopback } from '#local/loopback/listen-on-loopback.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { ScheduledRecord } from './log.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'
import { seedWorld, type Tenant } from './testing/seed-world.ts'

/** The cron trigger in workerd: what each job does is the business of the conformance suites. */

const secret = newWebhookSecret()
const notices: Notice[] = []
const webhook = createServer((request, response) => {
  void text(request).then((body) => {
    notices.push(new Webhook(secret).verify(body, request.headers as Record<string, string>) as Notice)
    response.writeHead(204).end()
  })
})

let edge: WorkerdEdge
let own: Tenant
let serverId: ServerId
beforeAll(async () => {
  const port = await listenOnLoopback(webhook, 0, 'The webhook')
  edge = await openWorkerdEdge({ alertWebhook: { url: `http://127.0.0.1:${port}/alerts`, secret } })
  ;({ own, serverId } = await seedWorld(edge))
})
afterAll(async () => {
  await edge.close()
  webhook.close()
})

const ago = (ms: number) => new Date(Date.now() - ms - 1_000)
const runs = () => edge.log.filter((record): record is ScheduledRecord => record.event === 'scheduled')

async function runJobs(): Promise<ScheduledRecord> {
  const before = runs().length
  await edge.edge.runScheduled()
  return waitFor(() => runs()[before], { what: 'the line of the run' })
}

it('lets go of what is old and of nothing else, in one run of one line', async () => {
  const { customerId } = own
  const { seed } = edge
  const event = (occurredAt: Date) =>
    seed.insert('events', { id: newId('event'), customerId, type: 'webhook.test', data: {}, occurredAt })
  const request = (key: string, createdAt: Date) =>
    seed.insert('idempotentRequests', {
      customerId,
      key,
      requestHash: new Uint8Array([1]),
      claimToken: key,
      claimedUntil: createdAt,
      createdAt,
    })
  // More than one batch.
  for (let index = 0; index < 510; index += 30) {
    await Promise.all(Array.from({ length: 30 }, () => event(ago(retentionMs.events))))
  }
  const young = await event(new Date())
  await request('old', ago(keptForMs))
  await request('young', new Date())

  const line = await runJobs()
  expect(line.cron).toBe('* * * * *')
  const done = Object.fromEntries(line.jobs.map(({ job, done: count }) => [job, count]))
  expect(done).toMatchObject({ 'purge-events': 510, 'purge-idempotent-requests': 1, 'purge-messages': 0 })
  expect(line.jobs.filter(({ failure }) => failure !== undefined)).toEqual([])
  // One request for each job, one more for the second batch, one that keeps what the workers answered, one that settles
  // alerts, and one for each notice that was taken.
  expect(line.database_requests).toBe(line.jobs.length + 3 + notices.length)
  expect(await seed.rows('serverChecks', { serverId })).toMatchObject([{ grade: 'healthy', reason: null }])
  // Nobody is at its address.
  expect(await seed.rows('serverChecks', { serverId: own.ids.server_id })).toMatchObject([
    { grade: 'unhealthy', reason: 'no-answer' },
  ])
  expect(done['tell-of-alerts']).toBe(notices.length)
  expect(notices).toContainEqual(
    expect.objectContaining({
      type: 'alert.opened',
      data: expect.objectContaining({ kind: 'server-down', subject: own.ids.server_id, state: 'open' }),
    }),
  )
  expect((await seed.rows('events', { customerId })).map(({ id }) => id)).toEqual([young.id])
  expect(await seed.rows('idempotentRequests', { customerId })).toMatchObject([{ key: 'young' }])

  const again = await runJobs()
  expect(again.jobs.map(({ done: count }) => count)).toEqual(line.jobs.map(() => 0))
})

it('says that the database is away, and works again when it is back', async () => {
  edge.neighbours.database.mode = 'refusing'
  const failed = await runJobs()
  for (const job of failed.jobs) {
    expect(job).toMatchObject({
      done: null,
      failure: { errors: expect.arrayContaining(['ApiError SERVICE_UNAVAILABLE']) },
    })
  }
  expect(notices.at(-1)).toMatchObject({
    id: expect.stringMatching(/^database-away\./),
    data: { kind: 'database-away' },
  })
  edge.neighbours.database.mode = 'passing'
  expect((await runJobs()).jobs.every(({ done }) => done === 0)).toBe(true)
})
