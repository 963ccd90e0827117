import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { failureSchema } from '#contracts/envelope.ts'
import { ApiError } from '#contracts/errors.ts'
import { newId, type InstanceId } from '#contracts/ids.ts'
import { workerHealthSchema, type WorkerHealth } from '#contracts/worker-protocol.ts'
import { silentLog } from '#worker-node/log.ts'
import { createHostBench, type HostBench } from '#worker-node/testing/host-bench.ts'
import type { CheckHost } from '#worker-node/webhooks/check-host.ts'
import { createHttpApp } from './app.ts'
import { createCommands } from './commands.ts'
import type { ServiceRequest } from './verify-service-token.ts'

let bench: HostBench
let id: InstanceId
let health: WorkerHealth
let authenticate: (request: ServiceRequest) => Promise<void>
let answered: string[]
let looks: number
const checkHost = vi.fn<CheckHost>(async () => 'refused')
const outbox = { hint: vi.fn(), settled: vi.fn() }

beforeEach(async () => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  bench = await createHostBench()
  id = await bench.addInstance()
  bench.host.start()
  await pass()
  authenticate = async () => {}
  answered = []
  looks = 0
  health = {
    status: 'healthy',
    server_id: bench.serverId,
    version: '1.2.3',
    uptime_seconds: 1,
    lease: { held: true },
    database: { reachable: true },
    sessions: { connected: 1 },
  }
})

afterEach(async () => {
  await bench.host.stop()
  vi.useRealTimers()
})

const pass = (ms = 20) => vi.advanceTimersByTimeAsync(ms)

function app() {
  return createHttpApp({
    commands: createCommands({ host: bench.host, outbox, checkHost }),
    look: () => void looks++,
    authenticate: (request) => authenticate(request),
    health: () => health,
    log: silentLog,
    onCommand: ({ name, code }) => answered.push(`${name} ${code}`),
  })
}

async function command(
  name: string,
  body: unknown,
  instanceId: string = id,
): Promise<{ status: number; json: unknown }> {
  const answer = await app().request(`/internal/instances/${instanceId}/${name}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: answer.status, json: await answer.json() }
}

async function refusal(name: string, body: unknown, instanceId?: string): Promise<string> {
  const { status, json } = await command(name, body, instanceId)
  const { error } = failureSchema.parse(json)
  return `${status} ${error.code}`
}

describe('the token of the edge at /health', () => {
  const ask = (headers: Record<string, string>) => app().request('/health', { headers })

  it('is checked where there is one, and a monitor needs none', async () => {
    const asked: ServiceRequest[] = []
    authenticate = async (request) => void asked.push(request)
    expect((await ask({})).status).toBe(200)
    expect(asked).toEqual([])
    expect((await ask({ authorization: 'Bearer t' })).status).toBe(200)
    expect(asked).toEqual([{ method: 'GET', path: '/health', body: new Uint8Array(), authorization: 'Bearer t' }])
    authenticate = () => Promise.reject(new ApiError('INVALID_SERVICE_TOKEN', 'No.'))
    const refused = await ask({ authorization: 'Bearer t' })
    expect(refused.status).toBe(401)
    expect(failureSchema.parse(await refused.json()).error.code).toBe('INVALID_SERVICE_TOKEN')
  })
})

describe('the order to look', () => {
  const look = (body: string) => app().request('/internal/server/look', { method: 'POST', body })

  it('is for the edge alone, and has the worker look', async () => {
    expect(await (await look('{}')).json()).toMatchObject({ success: true })
    expect(looks).toBe(1)
    authenticate = async () => {
      throw new ApiError('INVALID_SERVICE_TOKEN', 'No.')
    }
    expect((await look('{}')).status).toBe(401)
    expect(looks).toBe(1)
  })

  it.each(['', '[]', '{"more":1}', 'x'.repeat(20_000)])(
    'is refused when its body is not an empty object',
    async (body) => {
      expect((await look(body)).ok).toBe(false)
      expect(looks).toBe(0)
    },
  )
})

describe('health', () => {
  it('needs no token, and its status is the status', async () => {
    const answer = await app().request('/health')
    expect(answer.status).toBe(200)
    expect(workerHealthSchema.parse(await answer.json())).toEqual(health)
    health = { ...health, status: 'degraded', lease: { held: false } }
    expect((await app().request('/health')).status).toBe(503)
  })
})

describe('a command', () => {
  it('answers in the envelope', async () => {
    bench.driver.newest(id).tell.onQr('qr-text', new Date('2026-03-01T12:00:00Z'))
    expect(await command('qr', { epoch: 2 })).toEqual({
      status: 200,
      json: { success: true, data: { qr: 'qr-text', expires_at: '2026-03-01T12:00:00.000Z' } },
    })
  })

  it('is told from a stranger before anything else is looked at', async () => {
    const seen: ServiceRequest[] = []
    authenticate = (request) => {
      seen.push(request)
      return Promise.reject(new ApiError('INVALID_SERVICE_TOKEN', 'No.'))
    }
    expect(await refusal('restart', { epoch: 2 })).toBe('401 INVALID_SERVICE_TOKEN')
    expect(await refusal('no-such-command', 'not json')).toBe('401 INVALID_SERVICE_TOKEN')
    expect(await refusal('restart', { epoch: 2 }, 'not-an-id')).toBe('401 INVALID_SERVICE_TOKEN')
    expect(seen[0]).toMatchObject({ method: 'POST', path: `/internal/instances/${id}/restart` })
    expect(new TextDecoder().decode(seen[0]?.body)).toBe('{"epoch":2}')
    expect(bench.driver.connections).toHaveLength(1)
  })

  it('for an instance that is not held under that epoch says so', async () => {
    for (const name of ['sync', 'restart', 'logout', 'qr'] as const) {
      expect(await refusal(name, { epoch: 1 })).toBe('401 INSTANCE_MOVED')
      expect(await refusal(name, { epoch: 2 }, newId('instance'))).toBe('401 INSTANCE_MOVED')
    }
  })

  it('whose session turns out to be fenced says that it moved', async () => {
    bench.lease(id).epoch += 1
    expect(await refusal('logout', { epoch: 2 })).toBe('401 INSTANCE_MOVED')
  })

  it('that is unknown or malformed is refused', async () => {
    expect(await refusal('no-such-command', { epoch: 2 })).toBe('404 NOT_FOUND')
    expect(await refusal('__proto__', { epoch: 2 })).toBe('404 NOT_FOUND')
    expect(await refusal('qr', { epoch: 2 }, 'ins_1')).toBe('404 NOT_FOUND')
    expect(await refusal('qr', 'not json')).toBe('400 VALIDATION_ERROR')
    expect(await refusal('qr', '')).toBe('400 VALIDATION_ERROR')
    expect(await refusal('qr', { epoch: -1 })).toBe('400 VALIDATION_ERROR')
    expect(await refusal('qr', { epoch: 2, more: 1 })).toBe('400 VALIDATION_ERROR')
    expect(await refusal('pairing-code', { epoch: 2, phone_number: '12' })).toBe('400 VALIDATION_ERROR')
    expect(await refusal('outbox', { epoch: 2, message_id: newId('message'), wait_ms: 30_001 })).toBe(
      '400 VALIDATION_ERROR',
    )
  })

  it('that is too large is refused, also without a length', async () => {
    expect(await refusal('qr', 'x'.repeat(16 * 1024 + 1))).toBe('413 PAYLOAD_TOO_LARGE')
    const chunks = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(1024))
      },
    })
    const endless = new Request(`http://worker/internal/instances/${id}/qr`, {
      method: 'POST',
      body: chunks,
      duplex: 'half',
    } as RequestInit)
    expect((await app().request(endless)).status).toBe(413)
  })

  it('that fails inside tells nobody why', async () => {
    authenticate = () => Promise.reject(new Error('SELECT secret FROM servers'))
    const { status, json } = await command('qr', { epoch: 2 })
    expect(status).toBe(500)
    expect(JSON.stringify(json)).not.toContain('secret')
  })

  it('is told to whoever counts, with the code of its answer', async () => {
    await command('sync', { epoch: 2 })
    await command('sync', { epoch: 1 })
    await command('no-such-command', {})
    authenticate = () => Promise.reject(new Error('boom'))
    await command('sync', { epoch: 2 })
    expect(answered).toEqual(['sync OK', 'sync INSTANCE_MOVED', 'no-such-command NOT_FOUND', 'sync INTERNAL_ERROR'])
  })

  it('sync starts a resting instance again', async () => {
    bench.driver.newest(id).end('qr-expired')
    await pass()
    expect(await command('sync', { epoch: 2 })).toEqual({ status: 200, json: { success: true, data: {} } })
    await pass()
    expect(bench.driver.connections).toHaveLength(2)
  })

  it('outbox hints, and waits when it is told to', async () => {
    const message_id = newId('message')
    expect(await command('outbox', { epoch: 2, message_id, wait_ms: 0 })).toMatchObject({
      json: { data: { message: null } },
    })
    expect(outbox.hint).toHaveBeenCalledTimes(1)
    outbox.settled.mockResolvedValueOnce(undefined)
    await command('outbox', { epoch: 2, message_id, wait_ms: 5_000 })
    expect(outbox.settled).toHaveBeenCalledWith(id, message_id, 5_000)
  })
})

describe('a question that is about no instance', () => {
  async function ask(name: string, body: unknown): Promise<{ status: number; json: unknown }> {
    const init = { method: 'POST', body: JSON.stringify(body) }
    const answer = await app().request(`/internal/server/${name}`, init)
    return { status: answer.status, json: await answer.json() }
  }

  it('is answered, whichever instances are held', async () => {
    const answer = { status: 200, json: { success: true, data: { result: 'refused' } } }
    expect(await ask('resolve-host', { host_name: 'rebind.example' })).toEqual(answer)
    expect(checkHost).toHaveBeenCalledWith('rebind.example')
    expect(answered).toEqual(['resolve-host OK'])
  })

  it("is refused when it is not the edge's, unknown or malformed", async () => {
    expect(await ask('no-such-question', {})).toMatchObject({ status: 404 })
    expect(await ask('sync', { epoch: 2 })).toMatchObject({ status: 404 })
    for (const body of [{}, { host_name: '' }, { host_name: 'x'.repeat(254) }, { host_name: 'a', more: 1 }]) {
      expect(await ask('resolve-host', body)).toMatchObject({ status: 400 })
    }
    const seen: ServiceRequest[] = []
    authenticate = (request) => {
      seen.push(request)
      return Promise.reject(new ApiError('INVALID_SERVICE_TOKEN', 'No.'))
    }
    expect(await ask('resolve-host', { host_name: 'a.example' })).toMatchObject({ status: 401 })
    expect(seen).toMatchObject([{ method: 'POST', path: '/internal/server/resolve-host' }])
  })
})

it('everything else is not found', async () => {
  for (const path of [
    '/',
    '/internal',
    '/internal/instances',
    `/internal/instances/${id}/qr/more`,
    '/internal/server',
  ]) {
    expect((await app().request(path)).status).toBe(404)
  }
  expect((await app().request(`/internal/instances/${id}/qr`)).status).toBe(404)
})
