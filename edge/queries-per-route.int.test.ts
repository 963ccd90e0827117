import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { RequestRecord } from './log.ts'
import type { Route } from './routes/define-route.ts'
import { routeTable } from './routes/route-table.ts'
import { growTenant, growWorld } from './testing/grow-world.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'
import { probeAnswers, probeOf } from './testing/route-probes.ts'
import { seedTenant, seedWorld, type Tenant, type World } from './testing/seed-world.ts'

/** Nothing that an admin asks costs more of the database because there is more of it: no N+1 anywhere. */

let edge: WorkerdEdge
let world: World
let few: Map<Route, Cost>

interface Cost {
  status: number
  /** Requests to the database until the answer. */
  requests: number
  /** Statements in these, and in what followed the answer. */
  statements: number
  answerBytes: number
}

const ofAdmins = routeTable.filter(({ policy }) => policy.auth === 'admin')
const reads = ofAdmins.filter(({ contract }) => contract.method === 'GET')
const changes = ofAdmins.filter(({ contract }) => contract.method !== 'GET')
const title = ({ contract }: Route) => [`${contract.method} ${contract.path}`] as const

beforeAll(async () => {
  edge = await openWorkerdEdge({ databaseTimeoutMs: 30_000 })
  Object.assign(edge.worker.answers, probeAnswers)
  world = await seedWorld(edge)
  few = new Map()
  for (const route of reads) few.set(route, await costOf(route, world.own))
  await growWorld(edge, world)
  await growTenant(edge, world, world.own)
})
afterAll(() => edge.close())

async function costOf({ contract }: Route, tenant: Tenant): Promise<Cost> {
  const before = edge.database.neonStatements()
  const body = uniqueBody(probeOf(contract).body)
  const response = await edge.request(
    contract.path.replace(/:(\w+)/g, (_match, name: keyof Tenant['ids']) => tenant.ids[name]),
    {
      method: contract.method,
      headers: { authorization: `Bearer ${tenant.admin.token}`, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    },
  )
  // What the probes are refused in their own suites is theirs; here some find more than they expect.
  expect([500, 502, 504]).not.toContain(response.status)
  const answer = await response.arrayBuffer()
  const id = response.headers.get('x-request-id')
  const logged = await waitFor(
    () => edge.log.find((record) => record.event === 'request' && record.request_id === id) as RequestRecord,
    { what: 'the canonical line' },
  )
  return {
    status: response.status,
    requests: logged.database_requests,
    statements: edge.database.neonStatements() - before,
    answerBytes: answer.byteLength,
  }
}

describe('reads', () => {
  it.each(reads.map((route) => [...title(route), route] as const))(
    '%s costs the same where there is much',
    async (_title, route) => {
      const { requests, statements } = few.get(route)!
      expect(requests).toBeGreaterThan(0)
      expect(await costOf(route, world.own)).toMatchObject({ status: 200, requests, statements })
    },
  )

  it('answers of lists were longer indeed', async () => {
    const lists = reads.filter(
      ({ contract }) =>
        contract.query !== undefined && ('cursor' in contract.query.shape || 'page' in contract.query.shape),
    )
    expect(lists.length).toBeGreaterThan(8)
    for (const route of lists) {
      const { answerBytes } = await costOf(route, world.own)
      expect(answerBytes, route.contract.path).toBeGreaterThan(2 * few.get(route)!.answerBytes)
    }
  })
})

describe('changes', () => {
  it.each(changes.map((route) => [...title(route), route] as const))(
    '%s costs the same where there is much',
    async (_title, route) => {
      const [small, grown] = [await seedTenant(edge, world.serverId), await seedTenant(edge, world.serverId)]
      await growTenant(edge, world, grown)
      const { requests } = await costOf(route, small)
      expect(requests).toBeGreaterThan(0)
      // A refusal because of what is there may come sooner.
      expect((await costOf(route, grown)).requests).toBeLessThanOrEqual(requests)
    },
  )
})

/** Some things can be there only once. */
function uniqueBody(body: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  const unique = newId('request').replace('_', '-')
  return (
    body && {
      ...body,
      ...('email' in body && { email: `${unique}@example.com` }),
      ...('url' in body && { name: unique }),
    }
  )
}
