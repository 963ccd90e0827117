import { afterEach, describe, expect, it, vi } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { createWorkerGateway } from './worker-gateway.ts'

const route = {
  instanceId: newId('instance'),
  serverId: newId('server'),
  url: 'http://127.0.0.1:1',
  epoch: 1,
  incarnation: 'run-1',
}
const tokens = { sign: async () => 'token' }

afterEach(() => vi.unstubAllGlobals())

it('sends no token over plain HTTP', async () => {
  const gateway = createWorkerGateway({ tokens, requestId: 'req_1', allowPlainHttp: false })
  await expect(gateway.command(route, 'sync', {})).rejects.toMatchObject({
    code: 'WORKER_UNAVAILABLE',
    cause: { message: 'The worker has no https address.' },
  })
})

it('a worker that is not there is unavailable', async () => {
  const gateway = createWorkerGateway({ tokens, requestId: 'req_1', allowPlainHttp: true })
  await expect(gateway.command(route, 'sync', {})).rejects.toMatchObject({
    code: 'WORKER_UNAVAILABLE',
    retryAfterSeconds: 5,
  })
})

describe('the call of /health', () => {
  const server = { id: route.serverId, url: 'https://one.example', incarnation: 'run-7' }
  const health = {
    status: 'degraded',
    server_id: server.id,
    version: '1.2.3',
    uptime_seconds: 1,
    lease: { held: false },
    database: { reachable: true },
    sessions: {},
  }
  const gatewayOf = (sign = async () => 'token') =>
    createWorkerGateway({ tokens: { sign }, requestId: 'req_1', allowPlainHttp: false })

  it('shows a token that only the run takes that holds the lease, and none where there is no such run', async () => {
    const asked: unknown[] = []
    const sign = vi.fn(async () => 'token')
    vi.stubGlobal('fetch', async (url: URL, { headers, redirect }: RequestInit) => {
      asked.push([url.href, (headers as Record<string, string>)['authorization'], redirect])
      return Response.json(health, { status: 503 })
    })
    expect(await gatewayOf(sign).health(server)).toEqual(health)
    expect(await gatewayOf(sign).health({ ...server, incarnation: null })).toEqual(health)
    expect(asked).toEqual([
      ['https://one.example/health', 'Bearer token', 'manual'],
      ['https://one.example/health', undefined, 'manual'],
    ])
    expect(sign.mock.calls).toEqual([[{ audience: `${server.id}/run-7`, method: 'GET', path: '/health', body: '' }]])
  })

  it.each([
    ['token-refused', () => Response.json(refused, { status: 401 })],
    ['not-a-worker', () => new Response('<html>', { status: 200 })],
    ['not-a-worker', () => Response.json({ ...health, status: 'splendid' })],
    ['not-a-worker', () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.example' } })],
    ['no-answer', () => Promise.reject(new TypeError('fetch failed'))],
  ])('never rejects: %s', async (expected, answer) => {
    vi.stubGlobal('fetch', async () => answer())
    expect(await gatewayOf().health(server)).toBe(expected)
  })

  it('goes to nobody over plain HTTP', async () => {
    expect(await gatewayOf().health({ ...server, url: 'http://one.example' })).toBe('no-answer')
  })

  const refused = {
    success: false,
    error: { code: 'INVALID_SERVICE_TOKEN', message: 'No.', details: {}, request_id: 'req_2' },
  }
})

describe('the order to look', () => {
  const server = { id: route.serverId, url: 'https://one.example', incarnation: 'run-7' }

  it('goes to the one run of the worker that holds the lease', async () => {
    const asked: unknown[] = []
    const sign = vi.fn(async () => 'token')
    vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
      asked.push([url.href, init.method, init.body])
      return Response.json({ success: true, data: {} })
    })
    await createWorkerGateway({ tokens: { sign }, requestId: 'req_1', allowPlainHttp: false }).look(server)
    expect(asked).toEqual([['https://one.example/internal/server/look', 'POST', '{}']])
    expect(sign).toHaveBeenCalledWith({
      audience: `${server.id}/run-7`,
      method: 'POST',
      path: '/internal/server/look',
      body: '{}',
    })
  })

  it('is refused as commands are: by another run, and by nobody', async () => {
    const gateway = createWorkerGateway({ tokens, requestId: 'req_1', allowPlainHttp: false })
    const moved = {
      success: false,
      error: { code: 'INSTANCE_MOVED', message: 'Another run.', details: {}, request_id: 'req_2' },
    }
    vi.stubGlobal('fetch', async () => Response.json(moved, { status: 401 }))
    await expect(gateway.look(server)).rejects.toMatchObject({ code: 'INSTANCE_MOVED' })
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }))
    await expect(gateway.look(server)).rejects.toMatchObject({ code: 'WORKER_UNAVAILABLE' })
  })
})

describe('the question where a host name leads', () => {
  const server = { id: route.serverId, url: 'https://one.example', incarnation: 'run-7' }
  const gateway = () => createWorkerGateway({ tokens, requestId: 'req_1', allowPlainHttp: false })

  it('goes to one run of one worker, which answers it', async () => {
    const asked: unknown[] = []
    vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
      asked.push([url.href, init.method, init.body, init.redirect])
      return Response.json({ success: true, data: { result: 'refused' } })
    })
    expect(await gateway().resolveHost(server, 'a.example')).toBe('refused')
    const url = 'https://one.example/internal/server/resolve-host'
    expect(asked).toEqual([[url, 'POST', '{"host_name":"a.example"}', 'manual']])
  })

  it('without an answer that can be understood is one that nobody answered', async () => {
    vi.stubGlobal('fetch', async () => Response.json({ success: true, data: { result: 'anything' } }))
    await expect(gateway().resolveHost(server, 'a.example')).rejects.toMatchObject({ code: 'WORKER_UNAVAILABLE' })
  })
})
