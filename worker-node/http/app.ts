import { Hono, type Context, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { failure, success } from '#contracts/envelope.ts'
import { ApiError, type ErrorCode } from '#contracts/errors.ts'
import { isId, newId, type RequestId } from '#contracts/ids.ts'
import { serverCommands, type WorkerHealth } from '#contracts/worker-protocol.ts'
import type { Log } from '#worker-node/log.ts'
import type { Commands } from './commands.ts'
import type { ServiceRequest } from './verify-service-token.ts'

const maxBodyBytes = 16 * 1024

export interface HttpAppDeps {
  commands: Commands
  /** Looks at the orders for this server now. */
  look: () => void
  /** Throws ApiError when the request is not the edge's. */
  authenticate: (request: ServiceRequest) => Promise<void>
  health: () => WorkerHealth
  log: Log
  /** A command was answered, whoever asked; `name` is what the path said. */
  onCommand: (answer: { name: string; code: ErrorCode | 'OK'; durationMs: number }) => void
}

type Variables = { requestId: RequestId }

/** The worker's HTTP side: the edge's commands, and the health that monitors and the registry read. */
export function createHttpApp(deps: HttpAppDeps): Hono<{ Variables: Variables }> {
  const { commands, authenticate, health, log } = deps
  const app = new Hono<{ Variables: Variables }>()

  app.use(async (c, next) => {
    const startedAt = performance.now()
    c.set('requestId', newId('request'))
    c.header('X-Request-Id', c.get('requestId'))
    c.header('Cache-Control', 'no-store')
    await next()
    if (c.req.path === '/health') return
    log.info('A request was answered.', {
      request: c.get('requestId'),
      method: c.req.method,
      path: c.req.path.slice(0, 200),
      status: c.res.status,
      durationMs: Math.round(performance.now() - startedAt),
    })
  })

  app.get('/health', async (c) => {
    // The edge shows its token, and so learns whether a command would be taken; a monitor has none and needs none.
    const authorization = c.req.header('authorization')
    if (authorization !== undefined) {
      await authenticate({ method: 'GET', path: '/health', body: new Uint8Array(), authorization })
    }
    const now = health()
    return c.json(now, now.status === 'healthy' ? 200 : 503)
  })

  const limitBody = bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => {
      throw new ApiError('PAYLOAD_TOO_LARGE', 'The body is larger than 16 KB.')
    },
  })

  async function authenticatedBody({ req }: Context): Promise<unknown> {
    const body = new Uint8Array(await req.arrayBuffer())
    const { pathname } = new URL(req.url)
    await authenticate({ method: req.method, path: pathname, body, authorization: req.header('authorization') })
    return parseJson(body)
  }

  app.post('/internal/server/look', limitBody, async (c) => {
    const parsed = serverCommands.look.request.safeParse(await authenticatedBody(c))
    if (!parsed.success) throw new ApiError('VALIDATION_ERROR', 'The command is malformed.')
    deps.look()
    return c.json(success({}))
  })

  const counted: MiddlewareHandler = async (c, next) => {
    const startedAt = performance.now()
    await next()
    const durationMs = performance.now() - startedAt
    deps.onCommand({ name: c.req.param('command') ?? '', code: codeOf(c.error), durationMs })
  }

  app.post('/internal/server/:command', counted, limitBody, async (c) => {
    const body = await authenticatedBody(c)
    return c.json(success(await commands.answer(c.req.param('command'), body)))
  })

  app.post('/internal/instances/:instance_id/:command', counted, limitBody, async (c) => {
    const body = await authenticatedBody(c)
    const { instance_id, command } = c.req.param()
    if (!isId('instance', instance_id)) throw new ApiError('NOT_FOUND', 'There is no such instance.')
    return c.json(success(await commands.run(instance_id, command, body)))
  })

  app.notFound((c) => {
    const error = new ApiError('NOT_FOUND', 'There is nothing here.')
    return c.json(failure(error, c.get('requestId')), error.status)
  })

  app.onError((error, c) => {
    const known =
      error instanceof ApiError ? error : new ApiError('INTERNAL_ERROR', 'Something went wrong on our side.')
    if (known !== error) log.error('A request failed.', { request: c.get('requestId'), error })
    return c.json(failure(known, c.get('requestId')), known.status)
  })

  return app
}

function codeOf(error: Error | undefined): ErrorCode | 'OK' {
  if (error === undefined) return 'OK'
  return error instanceof ApiError ? error.code : 'INTERNAL_ERROR'
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new ApiError('VALIDATION_ERROR', 'The body is not JSON.')
  }
}
