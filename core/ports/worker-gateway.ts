import type { CommandRequest, CommandResponse, WorkerCommand } from '#contracts/worker-protocol.ts'
import type { ServerId } from '#contracts/ids.ts'
import type { Route } from './instances.ts'

/** The edge's way to the worker that owns an instance. */
export interface WorkerGateway {
  /**
   * Sends one command. Throws ApiError: INSTANCE_MOVED when that worker does not hold the instance under the route's
   * epoch, WORKER_UNAVAILABLE when it does not answer in time, else the error that the worker answered.
   */
  command<C extends WorkerCommand>(route: Route, command: C, request: CommandRequest<C>): Promise<CommandResponse<C>>
  /** Has a server's worker look at its orders now. Throws ApiError as `command` does. */
  look(server: ServerRoute): Promise<void>
}

/** Where a server's worker is reached, and the run of it that holds the lease. */
export interface ServerRoute {
  id: ServerId
  url: string
  incarnation: string
}
