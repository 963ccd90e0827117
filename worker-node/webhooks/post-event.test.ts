import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Webhook } from 'standardwebhooks'
import { request } from 'undici'
import { newId } from '#contracts/ids.ts'
import type { ClaimedDelivery } from '#core/ports/deliveries.ts'
import { createGuardedAgent } from './guarded-agent.ts'
import { postEvent } from './post-event.ts'
import { createResolveHost, type ResolveHost } from './resolve-host.ts'

const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
const olderSecret = `whsec_${Buffer.alloc(24, 2).toString('base64')}`

let server: Server
let port: number
let requests: { request: IncomingMessage; body: string }[]
let respond: RequestListener

beforeEach(async () => {
  requests = []
  respond = (_request, response) => response.end('thanks')
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      requests.push({ request, body: Buffer.concat(chunks).toString() })
      respond(request, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ;({ port } = server.address() as AddressInfo)
})

afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

function delivery(url: string, secrets = [secret]): ClaimedDelivery {
  const id = newId('event')
  const timestamp = '2026-03-01T12:00:00.000Z'
  return {
    endpointId: newId('webhook'),
    eventId: id,
    url,
    secrets,
    attempts: 0,
    customerId: newId('customer'),
    claimToken: 'token',
    event: { id, type: 'message.received', timestamp, instance_id: null, sequence: null, data: { text: 'Olá' } },
  }
}

const nobody: ResolveHost = async (hostname) => {
  throw Object.assign(new Error(`${hostname}?`), { code: 'ENOTFOUND' })
}

/** Posts under the rules of production unless told that loopback is allowed. */
async function post(
  of: ClaimedDelivery,
  { allowLoopback = false, resolve = nobody }: { allowLoopback?: boolean; resolve?: ResolveHost } = {},
) {
  const dispatcher = createGuardedAgent({ allowLoopback, resolve })
  try {
    return await postEvent(
      { dispatcher, allowLoopback, ownHost: 'api.wharf.example', clock: { now: () => new Date() } },
      of,
    )
  } finally {
    await dispatcher.destroy()
  }
}

const local = { allowLoopback: true }
const resolvesTo =
  (...addresses: string[]): ResolveHost =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

describe('a delivered event', () => {
  it('is a POST that the Standard Webhooks library verifies, under each secret', async () => {
    const sent = delivery(`http://127.0.0.1:${port}/hook?x=1`, [secret, olderSecret])
    const { result } = await post(sent, local)
    expect(result).toMatchObject({ status: 200, error: null, response: 'thanks' })
    const [{ request, body }] = requests as [{ request: IncomingMessage; body: string }]
    expect(request).toMatchObject({ method: 'POST', url: '/hook?x=1' })
    expect(request.headers['webhook-id']).toBe(sent.eventId)
    const headers = request.headers as Record<string, string>
    expect(new Webhook(secret).verify(body, headers)).toEqual(sent.event)
    expect(new Webhook(olderSecret).verify(body, headers)).toEqual(sent.event)
    expect(() => new Webhook(secret).verify(body.replace('Olá', 'Ola'), headers)).toThrow('No matching signature')
  })

  it('keeps the first kilobyte of the answer, and reads not much more of it', async () => {
    let written = 0
    respond = (_request, response) => {
      const more = () => {
        written += 65_536
        if (!response.destroyed && response.write('x'.repeat(65_536))) setImmediate(more)
      }
      response.on('drain', more)
      more()
    }
    const { result } = await post(delivery(`http://127.0.0.1:${port}/`), local)
    expect(result.response).toHaveLength(1024)
    expect(written).toBeLessThan(16 * 1024 * 1024)
  })

  it('does not wait for an answer that goes on slowly for ever: its status is enough', async () => {
    respond = (_request, response) => {
      response.writeHead(200).write('so far')
    }
    const { result } = await post(delivery(`http://127.0.0.1:${port}/`), local)
    expect(result).toMatchObject({ status: 200, error: null, response: 'so far' })
    expect(result.durationMs).toBeLessThan(14_000)
  })

  it('follows no redirect', async () => {
    respond = (_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/elsewhere` }).end()
    const { result } = await post(delivery(`http://127.0.0.1:${port}/`), local)
    expect(result.status).toBe(302)
    expect(requests).toHaveLength(1)
  })

  it('hears what the endpoint says about the next attempt', async () => {
    respond = (_request, response) => response.writeHead(503, { 'retry-after': '120' }).end()
    expect(await post(delivery(`http://127.0.0.1:${port}/`), local)).toMatchObject({ retryAfterMs: 120_000 })
  })

  it('says in a sentence what went wrong', async () => {
    respond = (_request, response) => response.destroy()
    const reset = await post(delivery(`http://127.0.0.1:${port}/`), local)
    expect(reset.result).toMatchObject({ status: null, error: expect.stringMatching(/^The connection was/) as string })
    const nobody = await post(delivery('http://127.0.0.1:1/'), local)
    expect(nobody.result.error).toBe('The connection was refused.')
    const huge = delivery(`http://127.0.0.1:${port}/`)
    huge.event.data = { text: 'x'.repeat(256 * 1024) }
    const posted = await post(huge, local)
    expect(posted).toMatchObject({ isUndeliverable: true, result: { error: 'The event is larger than 256 KB.' } })
  })
})

describe('addresses that are not the internet', () => {
  it.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://0/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fc00::1]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://localhost/',
    'https://printer.local/',
    'https://api.wharf.example/',
  ])('%s is not called', async (url) => {
    const { result } = await post(delivery(url), { resolve: resolvesTo('127.0.0.1') })
    expect(result).toMatchObject({ status: null, error: expect.stringMatching(/^The address must/) as string })
  })

  it.each([['127.0.0.1'], ['10.0.0.1'], ['::1'], ['::ffff:10.0.0.1'], ['93.184.216.34', '127.0.0.1']])(
    'a name that resolves to %s %s is not called',
    async (...addresses) => {
      const { result } = await post(delivery(`https://rebind.example:${port}/`), {
        resolve: resolvesTo(...addresses),
      })
      expect(result.error).toBe('The host name does not resolve to a public address.')
      expect(requests).toHaveLength(0)
    },
  )

  it('a name is resolved once per connection, and what was checked is what is dialled', async () => {
    const answers = ['127.0.0.1', '10.0.0.1']
    let asked = 0
    const rebinding: ResolveHost = (hostname) => resolvesTo(answers[asked++] ?? '10.0.0.1')(hostname)
    const dispatcher = createGuardedAgent({ allowLoopback: true, resolve: rebinding })
    const { statusCode, body } = await request(`http://rebind.example:${port}/`, { dispatcher, method: 'POST' })
    await body.dump()
    await dispatcher.destroy()
    expect(statusCode).toBe(200)
    expect(requests[0]?.request.headers.host).toBe(`rebind.example:${port}`)
    expect(asked).toBe(1)
  })

  it('the local stack reaches its sink by the name localhost, without a name server', async () => {
    const { result } = await post(delivery(`http://localhost:${port}/`), local)
    expect(result.status).toBe(200)
  })

  it('a look-up that fails is told in a sentence', async () => {
    const silent: ResolveHost = async () => {
      throw Object.assign(new Error('queryA ETIMEOUT'), { code: 'ETIMEOUT' })
    }
    const { result } = await post(delivery('https://silent.example/'), { resolve: silent })
    expect(result.error).toBe('The host name could not be resolved in time.')
    await expect(createResolveHost()('nobody.invalid')).rejects.toMatchObject({ code: expect.any(String) as string })
  })
})
