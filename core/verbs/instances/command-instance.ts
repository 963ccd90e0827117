import { ApiError } from '#contracts/errors.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { CommandRequest, CommandResponse, WorkerCommand } from '#contracts/worker-protocol.ts'
import type { Route } from '#core/ports/instances.ts'
import { found } from '#core/rules/not-found.ts'
import type { App, Owner } from '#core/verbs/app.ts'

/** Seconds after which a session that has lost its worker is usually owned again. */
const retryAfterSeconds = 5

/**
 * Commands the session of an instance. Throws NOT_FOUND, CONFLICT when the instance is stopped, WORKER_UNAVAILABLE when
 * nobody runs it now, and what the worker refused.
 */
export async function commandInstance<C extends WorkerCommand>(
  app: Pick<App, 'instances' | 'gateway'>,
  actor: Owner,
  id: InstanceId,
  command: C,
  request: CommandRequest<C>,
): Promise<CommandResponse<C>> {
  const route = found('instance', await app.instances.route(actor.customerId, id))
  if (route.incarnation === null) throw await whyNobodyRuns(app, actor, id)
  return commandOwner(app, actor, route, command, request)
}

/**
 * Commands the worker that the route names. When the instance has moved meanwhile, reads the route again and tries once
 * more. Throws ApiError.
 */
export async function commandOwner<C extends WorkerCommand>(
  app: Pick<App, 'instances' | 'gateway'>,
  actor: Owner,
  route: Route,
  command: C,
  request: CommandRequest<C>,
): Promise<CommandResponse<C>> {
  try {
    return await app.gateway.command(route, command, request)
  } catch (error) {
    if (!hasMoved(error)) throw error
  }
  const newRoute = found('instance', await app.instances.route(actor.customerId, route.instanceId))
  if (newRoute.incarnation === null) throw workerUnavailable()
  try {
    return await app.gateway.command(newRoute, command, request)
  } catch (error) {
    throw hasMoved(error) ? workerUnavailable() : error
  }
}

export function workerUnavailable(cause?: unknown): ApiError {
  return new ApiError('WORKER_UNAVAILABLE', 'The server of this instance does not answer now.', {
    retryAfterSeconds,
    cause,
  })
}

export function instanceStopped(): ApiError {
  return new ApiError('CONFLICT', 'The instance is stopped: start it first.')
}

async function whyNobodyRuns(app: Pick<App, 'instances'>, actor: Owner, id: InstanceId): Promise<ApiError> {
  const { desired } = found('instance', await app.instances.get(actor.customerId, id))
  return desired === 'stopped' ? instanceStopped() : workerUnavailable()
}

function hasMoved(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'INSTANCE_MOVED'
}
