import { timingSafeEqual } from 'node:crypto'
import { serveJson, type JsonAnswer, type JsonEndpoint } from '#local/loopback/serve-json.ts'
import { RedisError, type RedisBackend, type RedisReply } from './redis-backend.ts'

interface RestEndpointOptions {
  backend: RedisBackend
  token: string
  port: number
  log?: ((line: string) => void) | undefined
}

type Encode = (reply: RedisReply) => unknown
type Item = { result: unknown } | { error: string }

const maxBodyBytes = 10 * 1024 * 1024

/**
 * Upstash's REST protocol: `POST /` takes one command as a list, `/pipeline` a list of commands, `/multi-exec` the same as
 * one transaction. An error is a 400 `{error}`, in a list it takes the place of its result.
 */
export function startRestEndpoint({ backend, token, port, log }: RestEndpointOptions): Promise<JsonEndpoint> {
  const expected = Buffer.from(`Bearer ${token}`)
  return serveJson({
    what: "Upstash's REST protocol",
    port,
    maxBodyBytes,
    errorBody: (error) => ({ error }),
    refuse({ path, headers }) {
      const given = Buffer.from(headers.authorization ?? '')
      const isKnown = given.length === expected.length && timingSafeEqual(given, expected)
      if (!isKnown) return { status: 401, body: { error: 'WRONGPASS invalid or missing auth token' } }
      if (routes.has(path)) return undefined
      return { status: 404, body: { error: `ERR There is nothing at ${path}` } }
    },
    async handle({ path, headers, body }) {
      const encode = headers['upstash-encoding'] === 'base64' ? inBase64 : asText
      try {
        return (await routes.get(path)?.(backend, body, encode)) ?? { status: 404, body: {} }
      } catch (error) {
        if (error instanceof RedisError) return { status: 400, body: { error: error.message } }
        throw error
      }
    },
    log,
  })
}

const routes = new Map<string, (backend: RedisBackend, body: unknown, encode: Encode) => Promise<JsonAnswer>>([
  [
    '/',
    async (backend, body, encode) => ({ status: 200, body: { result: encode(await backend.run(parseCommand(body))) } }),
  ],
  [
    '/pipeline',
    async (backend, body, encode) => {
      const items: Item[] = []
      for (const command of parseCommands(body)) {
        items.push(toItem(await backend.run(command).catch(onlyRedisError), encode))
      }
      return { status: 200, body: items }
    },
  ],
  [
    '/multi-exec',
    async (backend, body, encode) => {
      const replies = await backend.runAtomically(parseCommands(body))
      return { status: 200, body: replies.map((reply) => toItem(reply, encode)) }
    },
  ],
])

function onlyRedisError(error: unknown): RedisError {
  if (error instanceof RedisError) return error
  throw error
}

function toItem(reply: RedisReply | RedisError, encode: Encode): Item {
  return reply instanceof RedisError ? { error: reply.message } : { result: encode(reply) }
}

function parseCommands(body: unknown): string[][] {
  if (Array.isArray(body) && body.length > 0) return body.map(parseCommand)
  throw new RedisError('ERR the body must be a list of commands, each a list: [["GET","key"]]')
}

function parseCommand(body: unknown): string[] {
  if (Array.isArray(body) && body.length > 0) return body.map(parseArgument)
  throw new RedisError('ERR the body must be a command as a list: ["GET","key"]')
}

function parseArgument(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === null || value === undefined) throw new RedisError('ERR null args are not supported')
  return JSON.stringify(value)
}

function asText(reply: RedisReply): unknown {
  if (Array.isArray(reply)) return reply.map(asText)
  return reply !== null && typeof reply === 'object' ? reply.status : reply
}

/** A result that is "OK" stays as it is; inside a list the client decodes it like any other string. */
function inBase64(reply: RedisReply): unknown {
  const text = asText(reply)
  return text === 'OK' ? text : encodeStrings(text)
}

function encodeStrings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(encodeStrings)
  return typeof value === 'string' ? Buffer.from(value).toString('base64') : value
}
