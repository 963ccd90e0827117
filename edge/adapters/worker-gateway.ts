import { failureSchema } from '#contracts/envelope.ts'
import { ApiError, type ErrorCode } from '#contracts/errors.ts'
import {
  serverCommands,
  serviceTokenAudience,
  workerCommands,
  workerHealthSchema,
  type WorkerCommand,
} from '#contracts/worker-protocol.ts'
import type { HealthAnswer, ServerRoute, WorkerGateway } from '#core/ports/worker-gateway.ts'
import { workerUnavailable } from '#core/verbs/instances/command-instance.ts'
import type { ServiceTokens } from './service-tokens.ts'

/** A hint is not worth waiting for; pairing asks WhatsApp. */
const timeoutsMs: Record<WorkerCommand, number> = {
  sync: 2_000,
  outbox: 2_000,
  qr: 5_000,
  restart: 10_000,
  logout: 10_000,
  'pairing-code': 15_000,
}

const lookTimeoutMs = 2_000
/** Another worker can be asked within the two seconds that a customer is kept waiting. */
const resolveTimeoutMs = 1_000
const healthTimeoutMs = 10_000

/** Refusals of a worker that are meant for the customer. Any other means that the worker cannot do its work. */
const passedOn: readonly ErrorCode[] = [
  'INSTANCE_MOVED',
  'INSTANCE_NOT_CONNECTED',
  'INSTANCE_NOT_PAIRING',
  'PAIRING_REFUSED',
  'CONFLICT',
]

export interface WorkerGatewayOptions {
  tokens: Pick<ServiceTokens, 'sign'>
  requestId: string
  /** The local stack's workers have no certificate. */
  allowPlainHttp: boolean
}

/** Commands over HTTPS. Each request is made anew: nothing of the customer's own request reaches the worker. */
export function createWorkerGateway({ tokens, requestId, allowPlainHttp }: WorkerGatewayOptions): WorkerGateway {
  /** Asks one run of one worker; undefined unless it answers with an envelope of success. */
  async function ask(server: ServerRoute, path: string, request: object, timeoutMs: number) {
    const url = addressOf(server, path, allowPlainHttp)
    const audience = serviceTokenAudience(server.id, server.incarnation)
    const body = JSON.stringify(request)
    const token = await tokens.sign({ audience, method: 'POST', path, body })
    const answer = await post(url, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-request-id': requestId },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    })
    return { answer, data: answer.status === 200 ? dataOf(answer.json) : undefined }
  }

  return {
    async command(route, command, request) {
      const path = `/internal/instances/${route.instanceId}/${command}`
      const server = { id: route.serverId, url: route.url, incarnation: route.incarnation ?? '' }
      const waitMs = 'wait_ms' in request && typeof request.wait_ms === 'number' ? request.wait_ms : 0
      const { answer, data } = await ask(server, path, { ...request, epoch: route.epoch }, timeoutsMs[command] + waitMs)
      const parsed = workerCommands[command].response.safeParse(data)
      if (!parsed.success) throw refusal(answer)
      return parsed.data as never
    },

    async look(server) {
      const { answer, data } = await ask(server, '/internal/server/look', {}, lookTimeoutMs)
      if (!serverCommands.look.response.safeParse(data).success) throw refusal(answer)
    },

    async resolveHost(server, hostName) {
      const path = '/internal/server/resolve-host'
      const { answer, data } = await ask(server, path, { host_name: hostName }, resolveTimeoutMs)
      const parsed = serverCommands['resolve-host'].response.safeParse(data)
      if (!parsed.success) throw refusal(answer)
      return parsed.data.result
    },

    async health({ id, url: workerUrl, incarnation }) {
      const path = '/health'
      try {
        const url = addressOf({ url: workerUrl }, path, allowPlainHttp)
        const headers: Record<string, string> = { 'x-request-id': requestId }
        if (incarnation !== null) {
          const audience = serviceTokenAudience(id, incarnation)
          headers['authorization'] = `Bearer ${await tokens.sign({ audience, method: 'GET', path, body: '' })}`
        }
        const signal = AbortSignal.timeout(healthTimeoutMs)
        const response = await fetch(url, { headers, redirect: 'manual', signal })
        return healthAnswer(await response.text())
      } catch {
        return 'no-answer'
      }
    },
  }
}

function addressOf(server: Pick<ServerRoute, 'url'>, path: string, allowPlainHttp: boolean): URL {
  const url = new URL(path, server.url)
  if (url.protocol !== 'https:' && !allowPlainHttp)
    throw workerUnavailable(new Error('The worker has no https address.'))
  return url
}

interface Answer {
  status: number
  json: unknown
}

async function post(url: URL, init: Pick<RequestInit, 'headers' | 'body' | 'signal'>): Promise<Answer> {
  try {
    // A redirect would carry the token elsewhere.
    const response = await fetch(url, { ...init, method: 'POST', redirect: 'manual' })
    return { status: response.status, json: await response.json() }
  } catch (error) {
    throw workerUnavailable(error)
  }
}

function healthAnswer(text: string): HealthAnswer {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return 'not-a-worker'
  }
  if (failureSchema.safeParse(json).success) return 'token-refused'
  return workerHealthSchema.safeParse(json).data ?? 'not-a-worker'
}

function dataOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'data' in json ? json.data : undefined
}

function refusal({ status, json }: Answer): ApiError {
  const { data } = failureSchema.safeParse(json)
  // The log shows names and codes of causes, not their messages.
  if (data === undefined) return workerUnavailable(Object.assign(new Error('No envelope.'), { code: `HTTP_${status}` }))
  const { code, message, details, retry_after: retryAfterSeconds } = data.error
  const told = new ApiError(code, message, {
    details,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })
  return passedOn.includes(code) ? told : workerUnavailable(told)
}
