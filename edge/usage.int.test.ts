import { afterAll, beforeAll, expect, it } from 'vitest'
import { waitFor } from '#local/testing/wait-for.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'
import { seedWorld, type World } from './testing/seed-world.ts'

/** In workerd: what is counted of requests goes to the database behind the answers, by itself. */

let edge: WorkerdEdge
let world: World
beforeAll(async () => {
  edge = await openWorkerdEdge({ usageFlushMs: 50 })
  world = await seedWorld(edge)
})
afterAll(() => edge.close())

it('writes down what requests of several seconds counted, with their bytes', async () => {
  const { key, customerId } = world.own
  const headers = { 'x-api-key': key }
  let bytesOut = 0
  const ask = async (path: string) => {
    const response = await edge.request(path, { headers })
    const { byteLength } = await response.arrayBuffer()
    bytesOut += byteLength
  }
  await ask('/api/v1/me')
  await Promise.all([ask('/api/v1/instances'), ask('/api/v1/webhooks'), ask('/nowhere')])
  const counted = async () => {
    const rows = await edge.seed.rows('requestDays', { customerId })
    return rows.reduce((sum, { requests }) => sum + requests, 0) === 3 ? rows : undefined
  }
  const rows = await waitFor(counted, { what: 'the counts' })
  // Nobody is counted at a path that there is not.
  const elsewhere = (await (await edge.request('/nowhere', { headers })).arrayBuffer()).byteLength
  expect(rows.reduce((sum, row) => sum + row.bytesOut, 0)).toBe(bytesOut - elsewhere)
  expect(edge.log.filter(({ event }) => event === 'background_failed')).toEqual([])
})
