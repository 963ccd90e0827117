import { Hono, type MiddlewareHandler } from 'hono'
import { ApiError } from '#contracts/errors.ts'
import { consoleLog } from './adapters/console-log.ts'
import type { EdgeConfig } from './config.ts'
import type { EdgeEnv } from './edge-env.ts'
import type { Log } from './log.ts'
import { answerError } from './middleware/answer-errors.ts'
import { authorizeAdmin } from './middleware/authorize-admin.ts'
import { authorize } from './middleware/authorize.ts'
import { authorizeGuest } from './middleware/authorize-guest.ts'
import { dashboardCors, requireOwnOrigin } from './middleware/dashboard-cors.ts'
import { limitRefused, limitStrangers } from './middleware/limit-strangers.ts'
import { openRequest } from './middleware/open-request.ts'
import { readBody } from './middleware/read-body.ts'
import { requestId } from './middleware/request-id.ts'
import { responseHeaders } from './middleware/response-headers.ts'
import { createServices, type EdgeOverrides } from './open-services.ts'
import type { Policy, Route } from './routes/define-route.ts'
import { routeTable } from './routes/route-table.ts'
import { runRoute } from './routes/run-route.ts'

/** The edge's composition root: everything that the edge is made of is made here or in open-services.ts. */
export function createApp(
  config: EdgeConfig,
  { log = consoleLog, ...overrides }: EdgeOverrides & { log?: Log } = {},
): Hono<EdgeEnv> {
  const app = new Hono<EdgeEnv>()
  app.use(requestId, responseHeaders, openRequest(createServices(config, overrides), log))
  for (const path of ['/api/admin/*', '/api/pair/*']) app.use(path, dashboardCors(config.dashboardOrigin))
  for (const route of routeTable) addRoute(app, route, config)
  for (const [path, methods] of methodsByPath(routeTable)) {
    app.all(path, (c) => {
      c.header('Allow', methods.join(', '))
      throw new ApiError('METHOD_NOT_ALLOWED', `This path answers only ${methods.join(', ')}.`)
    })
  }
  app.notFound((c) => answerError(new ApiError('NOT_FOUND', 'There is nothing at this path.'), c))
  app.onError(async (error, c) => answerError(await limitRefused(error, c), c))
  return app
}

function addRoute(app: Hono<EdgeEnv>, route: Route, { dashboardOrigin }: EdgeConfig): void {
  const { contract, policy } = route
  app.on(contract.method, contract.path, async (c, next) => {
    c.var.record.route = contract.path
    await next()
  })
  // Before the body: a log-in that is one too many is not even read.
  if (policy.auth === 'none') app.on(contract.method, contract.path, limitStrangers)
  if (contract.method !== 'GET') app.on(contract.method, contract.path, readBody)
  const guard = guardOf(policy, dashboardOrigin)
  if (guard !== undefined) app.on(contract.method, contract.path, guard)
  app.on(contract.method, contract.path, (c) => runRoute(route, c))
}

function guardOf(policy: Policy, dashboardOrigin: string | undefined): MiddlewareHandler<EdgeEnv> | undefined {
  switch (policy.auth) {
    case 'none':
      return undefined
    case 'api-key':
      return authorize(policy)
    case 'admin':
      return authorizeAdmin(policy)
    case 'pairing-link':
      return authorizeGuest(policy)
    case 'cookie':
      return requireOwnOrigin(dashboardOrigin)
  }
}

function methodsByPath(routes: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>()
  for (const { contract } of routes) {
    // Hono answers HEAD where it answers GET.
    const answered = contract.method === 'GET' ? ['GET', 'HEAD'] : [contract.method]
    methods.set(contract.path, [...(methods.get(contract.path) ?? []), ...answered])
  }
  return methods
}
