import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { failure, success } from '#contracts/envelope.ts'
import { ApiError } from '#contracts/errors.ts'
import { isId, type ServerId } from '#contracts/ids.ts'
import {
  serviceTokenClaimsSchema,
  serviceTokenIssuer,
  serviceTokenType,
  workerCommands,
  type WorkerCommand,
  type WorkerHealth,
} from '#contracts/worker-protocol.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import type { SeenCommand, WorkerAnswers } from '#core/testing/fake-worker-gateway.ts'

/** A command as it came over HTTP, with what its token claimed. */
export interface ReceivedCommand extends Pick<SeenCommand, 'command' | 'request'> {
  instanceId: string
  audience: string
  jti: string
  headers: IncomingMessage['headers']
}

export interface FakeWorker {
  url: string
  seen: ReceivedCommand[]
  answers: WorkerAnswers
  /** Replaces the whole answer, for what no worker should answer. */
  broken: ((response: ServerResponse) => void) | undefined
  stop(): Promise<void>
}

/** A worker over HTTP that verifies each service token against the edge's published keys. */
export async function startFakeWorker(edgeUrl: () => string): Promise<FakeWorker> {
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined
  const worker: FakeWorker = { url: '', seen: [], answers: {}, broken: undefined, stop: async () => {} }

  /** What came with a good token: a command, or for whom `/health` was asked. */
  async function receive(request: IncomingMessage): Promise<ReceivedCommand | { audience: string }> {
    keys ??= createRemoteJWKSet(new URL('/.well-known/jwks.json', edgeUrl()))
    const body = await textOf(request)
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const { payload } = await jwtVerify(token, keys, {
      issuer: serviceTokenIssuer,
      typ: serviceTokenType,
      algorithms: ['EdDSA'],
      maxTokenAge: '30 s',
    })
    const claims = serviceTokenClaimsSchema.parse(payload)
    const { pathname } = new URL(request.url ?? '/', 'http://worker')
    const bound = { method: request.method, path: pathname, body_sha256: await sha256Hex(body) }
    for (const [name, value] of Object.entries(bound)) {
      if (claims[name as keyof typeof bound] !== value) throw new Error(`The token's ${name} is of another request.`)
    }
    const { aud: audience, jti } = claims
    if (pathname === '/health') return { audience }
    const [, , , instanceId = '', command = ''] = pathname.split('/')
    if (!isId('instance', instanceId) || !(command in workerCommands)) throw new Error(`Unknown path ${pathname}.`)
    const parsed = workerCommands[command as WorkerCommand].request.parse(JSON.parse(body))
    return { command: command as WorkerCommand, request: parsed, instanceId, audience, jti, headers: request.headers }
  }

  function answerOf(command: ReceivedCommand): { status: number; body: object } {
    const answer = worker.answers[command.command]?.(command as never)
    const error = new ApiError('INTERNAL_ERROR', 'The test told no answer.')
    if (answer === undefined) return { status: 500, body: failure(error, 'req_worker') }
    if (answer instanceof ApiError) return { status: answer.status, body: failure(answer, 'req_worker') }
    return { status: 200, body: success(answer) }
  }

  const server = createServer((request, response) => {
    void receive(request)
      .then((command) => {
        if (!('command' in command)) {
          const health = healthOf(command.audience)
          return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(health))
        }
        worker.seen.push(command)
        if (worker.broken !== undefined) return worker.broken(response)
        const { status, body } = answerOf(command)
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      })
      .catch((error: unknown) => {
        const refusal = failure(new ApiError('INVALID_SERVICE_TOKEN', String(error)), 'req_worker')
        response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(refusal))
      })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  worker.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  worker.stop = async () => {
    server.close()
    server.closeAllConnections()
  }
  return worker
}

/** Of the server that the token is for. */
function healthOf(audience: string): WorkerHealth {
  return {
    status: 'healthy',
    server_id: audience.split('/')[0] as ServerId,
    version: '0.1.0',
    uptime_seconds: 1,
    lease: { held: true },
    database: { reachable: true },
    sessions: {},
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
