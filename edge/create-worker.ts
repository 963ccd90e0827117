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
import { createScheduler, type RunJobs } from './scheduled/create-scheduler.ts'

/** What a module of Workers exports by default. */
export interface Worker {
  fetch(request: Request, env: Variables, context: ExecutionContext): Response | Promise<Response>
  /** What the cron triggers of wrangler.toml call. */
  scheduled(controller: { cron: string }, env: Variables, context: ExecutionContext): Promise<void>
}

/**
 * The app and the scheduler behind an entry file: each is made when an isolate first needs it, because the bindings come
 * with the first call.
 */
export function createWorker(overridesOf: (env: Variables) => EdgeOverrides = () => ({})): Worker {
  let app: Hono<EdgeEnv> | undefined
  let runJobs: RunJobs | undefined
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

    async scheduled({ cron }, env, context) {
      try {
        runJobs ??= createScheduler(parseConfig(env), overridesOf(env))
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        logMisconfigured(newId('request'), error)
        return
      }
      await runJobs(cron, (work) => context.waitUntil(work))
    },
  }
}

function misconfigured(problem: ConfigError): Response {
  const requestId = newId('request')
  logMisconfigured(requestId, problem)
  const error = new ApiError('INTERNAL_ERROR', 'The service is not configured; its log says what is missing.')
  return Response.json(failure(error, requestId), { status: error.status, headers: { 'X-Request-Id': requestId } })
}

function logMisconfigured(requestId: string, { message }: ConfigError): void {
  consoleLog({ event: 'misconfigured', request_id: requestId, problem: message })
}
