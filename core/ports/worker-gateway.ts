import type {
  CommandRequest,
  CommandResponse,
  HostVerdict,
  WorkerCommand,
  WorkerHealth,
} from '#contracts/worker-protocol.ts'
import type { ServerId } from '#contracts/ids.ts'
import type { Route } from './instances.ts'
import type { ServerAddress } from './servers.ts'

/** The edge's way to the worker that owns an instance, or to any. */
export interface WorkerGateway {
  /**
   * Sends one command. Throws ApiError: INSTANCE_MOVED when that worker does not hold the instance under the route's
   * epoch, WORKER_UNAVAILABLE when it does not answer in time, else the error that the worker answered.
   */
  command<C extends WorkerCommand>(route: Route, command: C, request: CommandRequest<C>): Promise<CommandResponse<C>>
  /** Has a server's worker look at its orders now. Throws ApiError as `command` does. */
  look(server: ServerRoute): Promise<void>
  /**
   * Asks a server's worker where a host name leads, within a second. Throws ApiError as `command` does when it does not
   * answer.
   */
  resolveHost(server: ServerRoute, hostName: string): Promise<HostVerdict>
  /** Calls a worker's `/health`, within ten seconds; the run that holds the lease has to take the edge's token. Never rejects. */
  health(server: ServerAddress): Promise<HealthAnswer>
}

/** What a worker says of itself, or what came instead. */
export type HealthAnswer = WorkerHealth | 'no-answer' | 'not-a-worker' | 'token-refused'

/** Where a server's worker is reached, and the run of it that holds the lease. */
export interface ServerRoute {
  id: ServerId
  url: string
  incarnation: string
}
