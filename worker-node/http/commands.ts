import type { z } from 'zod'
import { ApiError } from '#contracts/errors.ts'
import type { InstanceId } from '#contracts/ids.ts'
import {
  serverCommands,
  workerCommands,
  type CommandResponse,
  type ServerCommand,
  type WorkerCommand,
} from '#contracts/worker-protocol.ts'
import { FencedOut } from '#core/ports/session-leases.ts'
import { presentMessage } from '#core/rules/present-message.ts'
import type { OutboxSender } from '#worker-node/outbox/outbox-sender.ts'
import type { SessionHost } from '#worker-node/sessions/session-host.ts'
import type { Session } from '#worker-node/sessions/session.ts'
import type { CheckHost } from '#worker-node/webhooks/check-host.ts'

export interface CommandDeps {
  host: Pick<SessionHost, 'session' | 'sync'>
  outbox: Pick<OutboxSender, 'hint' | 'settled'>
  checkHost: CheckHost
}

type Request<C extends WorkerCommand> = z.output<(typeof workerCommands)[C]['request']>
type Handlers = {
  [C in WorkerCommand]: (session: Session, request: Request<C>) => Promise<CommandResponse<C>>
}

/** Runs one command of the edge on the session that it names. */
export interface Commands {
  /**
   * Throws ApiError: NOT_FOUND for an unknown command, VALIDATION_ERROR, INSTANCE_MOVED when this worker does not hold the
   * instance under the epoch that the edge knows, and what the command itself refuses.
   */
  run(instanceId: InstanceId, command: string, body: unknown): Promise<unknown>
  /** The same of a question that is about no instance. */
  answer(command: string, body: unknown): Promise<unknown>
}

export function createCommands({ host, outbox, checkHost }: CommandDeps): Commands {
  const handlers: Handlers = {
    async sync(session) {
      host.sync(session.instanceId)
      return {}
    },
    async restart(session) {
      await session.restart()
      return {}
    },
    async logout(session) {
      await session.logout()
      return {}
    },
    qr: (session) => session.qr(),
    'pairing-code': (session, { phone_number }) => session.pairingCode(phone_number),
    async outbox(session, { message_id, wait_ms }) {
      if (wait_ms === 0) {
        outbox.hint(message_id)
        return { message: null }
      }
      const message = await outbox.settled(session.instanceId, message_id, wait_ms)
      return { message: message === undefined ? null : presentMessage(message, session.phoneNumber) }
    },
  }

  async function run<C extends WorkerCommand>(instanceId: InstanceId, command: C, body: unknown): Promise<unknown> {
    const parsed = workerCommands[command].request.safeParse(body)
    if (!parsed.success) throw invalid(parsed.error)
    const request = parsed.data as Request<C>
    const session = host.session(instanceId)
    if (session === undefined || session.fence.epoch !== request.epoch) {
      // Perhaps it is about to become ours, and then the edge's reason to call still stands.
      if (command === 'sync') host.sync(instanceId)
      throw moved()
    }
    try {
      return await handlers[command](session, request)
    } catch (error) {
      throw error instanceof FencedOut ? moved() : error
    }
  }

  return {
    async run(instanceId, command, body) {
      if (!isCommand(command)) throw new ApiError('NOT_FOUND', 'There is no such command.')
      return run(instanceId, command, body)
    },
    async answer(command, body) {
      if (command !== 'resolve-host') throw new ApiError('NOT_FOUND', 'There is no such command.')
      const parsed = serverCommands[command].request.safeParse(body)
      if (!parsed.success) throw invalid(parsed.error)
      return { result: await checkHost(parsed.data.host_name) }
    },
  }
}

/** Whether a worker knows a command of this name. */
export function isCommand(name: string): name is WorkerCommand {
  return Object.hasOwn(workerCommands, name)
}

export function isServerCommand(name: string): name is ServerCommand {
  return Object.hasOwn(serverCommands, name)
}

function moved(): ApiError {
  return new ApiError('INSTANCE_MOVED', 'This worker does not hold the instance under that epoch.')
}

function invalid(error: z.ZodError): ApiError {
  const details = Object.fromEntries(error.issues.map(({ path, message }) => [path.join('.') || 'body', message]))
  return new ApiError('VALIDATION_ERROR', 'The command is malformed.', { details })
}
