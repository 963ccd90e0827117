import { ApiError } from '#contracts/errors.ts'
import type { ServerId } from '#contracts/ids.ts'
import type { CommandResponse, HostVerdict, WorkerCommand } from '#contracts/worker-protocol.ts'
import type { Route } from '#core/ports/instances.ts'
import type { WorkerGateway } from '#core/ports/worker-gateway.ts'

/** A command that a worker got. */
export interface SeenCommand {
  route: Route
  command: WorkerCommand
  request: object
}

/** What a worker answers; an ApiError is its refusal. */
export type WorkerAnswers = { [C in WorkerCommand]?: (seen: SeenCommand) => CommandResponse<C> | ApiError }

export interface FakeWorkerGateway extends WorkerGateway {
  /** In the order in which they came. */
  seen: SeenCommand[]
  /** Servers whose workers were asked to look at their orders. */
  looked: ServerId[]
  /** What each host name resolves to; the others get no answer. */
  hosts: Record<string, HostVerdict>
}

/** Workers that answer what they are told to, and WORKER_UNAVAILABLE to all else. */
export function createFakeWorkerGateway(answers: WorkerAnswers = {}): FakeWorkerGateway {
  const seen: SeenCommand[] = []
  const looked: ServerId[] = []
  const hosts: FakeWorkerGateway['hosts'] = {}
  return {
    seen,
    looked,
    hosts,
    async resolveHost(_server, hostName) {
      const verdict = hosts[hostName]
      if (verdict === undefined) throw new ApiError('WORKER_UNAVAILABLE', 'Nobody answers.', { retryAfterSeconds: 5 })
      return verdict
    },
    health: async () => 'no-answer',
    async look({ id }) {
      looked.push(id)
    },
    async command(route, command, request) {
      const entry = { route, command, request }
      seen.push(entry)
      const answer = answers[command]?.(entry)
      if (answer === undefined) throw new ApiError('WORKER_UNAVAILABLE', 'Nobody answers.', { retryAfterSeconds: 5 })
      if (answer instanceof ApiError) throw answer
      return answer as CommandResponse<typeof command>
    },
  }
}
