import { beforeAll, describe, expect, it } from 'vitest'
import { refusal } from './testing/call-of-route.ts'
import { cookieOf } from './testing/cookie-of.ts'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { probeOf } from './testing/route-probes.ts'
import { seedWorld, type World } from './testing/seed-world.ts'
import type { TestEdge } from './testing/test-edge.ts'
import type { Route } from './routes/define-route.ts'
import { routeTable } from './routes/route-table.ts'

/** No route is without a limit: each is called when it is used up. */

const inAMinute = () => new Date(Date.now() + 60_000)

async function call(edge: TestEdge, world: World, { contract }: Route, headers: Record<string, string>) {
  const ids: Record<string, string> = world.own.ids
  const path = contract.path.replace(/:(\w+)/g, (_match, name: string) => ids[name] ?? '')
  const { body } = probeOf(contract)
  return edge.request(path, {
    method: contract.method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  })
}

describe('an address that asked too often', () => {
  let edge: TestEdge
  let world: World
  beforeAll(async () => {
    edge = await openMemoryEdge({ addressLimiter: { consume: async () => inAMinute() } })
    world = await seedWorld(edge)
  })

  describe.each(routeTable.map((route) => [`${route.contract.method} ${route.contract.path}`, route] as const))(
    '%s',
    (_name, route) => {
      it('gets no answer to one who proves nothing', async () => {
        // The cookie's owner is told from strangers after their page is.
        const headers = route.policy.auth === 'cookie' ? cookieOf('nonsense') : {}
        const response = await call(edge, world, route, headers)
        // The log-out says the same to everybody, session or none, and does nothing without one.
        if (route.contract.id === 'logOut') return expect(response.status).toBe(204)
        expect(await refusal(response)).toMatchObject({ status: 429, code: 'RATE_LIMIT_EXCEEDED' })
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      })
    },
  )
})

describe('a customer whose plan is used up', () => {
  let edge: TestEdge
  let world: World
  const counted: string[] = []
  beforeAll(async () => {
    edge = await openMemoryEdge({
      rateLimiter: {
        async consume(_customerId, _terms, kind) {
          counted.push(kind)
          return { allowed: false, window: { limit: 60, remaining: 0, resetsAt: inAMinute() } }
        },
      },
    })
    world = await seedWorld(edge, 'basic')
  })

  const limited = routeTable.flatMap((route) =>
    route.policy.auth === 'api-key' || route.policy.auth === 'pairing-link'
      ? [[`${route.contract.method} ${route.contract.path}`, route, route.policy.limit] as const]
      : [],
  )
  describe.each(limited)('%s', (_name, route, kind) => {
    it(`is refused, counted as ${kind}`, async () => {
      counted.length = 0
      const { key, linkToken } = world.own
      const credentials: Record<string, string> =
        route.policy.auth === 'api-key' ? { 'x-api-key': key } : { authorization: `Bearer ${linkToken}` }
      const response = await call(edge, world, route, credentials)
      expect(await refusal(response)).toMatchObject({ status: 429, code: 'RATE_LIMIT_EXCEEDED' })
      expect(response.headers.get('x-ratelimit-remaining')).toBe('0')
      expect(counted).toEqual([kind])
    })
  })
})
