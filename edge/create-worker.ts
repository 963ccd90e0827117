import type { ExecutionContext, Hono } from 'hono'
import { failure } from '#contracts/envelope.ts'
import { ApiError } from '#contracts/errors.ts'
import { newId } from '#contracts/ids.ts'
import { consoleLog } from './adapters/console-log.ts'
import { ConfigError, type Variables } from '#db/config/variables.ts'
import { parseConfig } from './config.ts'
import { createApp } from './create-app.ts'
import type { EdgeEnv } from './edge-env.ts'
import type { EdgeOverrides } from './open-services.ts'

/** What a module of Workers exports by default. */
export interface Worker {
  fetch(request: Request, env: Variables, context: ExecutionContext): Response | Promise<Response>
}

/** The app behind an entry file: made at the first request of an isolate, because the bindings come with it. */
export function createWorker(overridesOf: (env: Variables) => EdgeOverrides = () => ({})): Worker {
  let app: Hono<EdgeEnv> | undefined
  return {
    fetch(request, env, context) {
      try {
        app ??= createApp(parseConfig(env), overridesOf(env))
      } catch (error) {
        if (error instanceof ConfigError) return misconfigured(error)
        throw error
      }
      return app.fetch(request, env, context)
    },
  }
}

function misconfigured({ message }: ConfigError): Response {
  const requestId = newId('request')
  consoleLog({ event: 'misconfigured', request_id: requestId, problem: message })
  const error = new ApiError('INTERNAL_ERROR', 'The service is not configured; its log says what is missing.')
  return Response.json(failure(error, requestId), { status: error.status, headers: { 'X-Request-Id': requestId } })
}
