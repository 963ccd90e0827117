import { ApiError } from '#contracts/errors.ts'
import type { InstanceId, MessageId } from '#contracts/ids.ts'
import type { WorkerGateway } from '#core/ports/worker-gateway.ts'
import { createMemoryInstances } from '#core/testing/memory-instances.ts'
import { createMemoryMessages } from '#core/testing/memory-messages.ts'
import type { MemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemoryApiKeys } from '#core/testing/memory-api-keys.ts'
import { createMemoryProvenKeys } from '#core/testing/memory-app.ts'
import type { Actor } from '#core/verbs/app.ts'
import { createSharedHints } from '#core/rules/shared-hints.ts'
import { sendMessage } from '#core/verbs/messages/send-message.ts'
import { linkStore } from './database-link.ts'
import type { ServerSlot } from './server-rack.ts'
import type { VirtualTime } from './virtual-time.ts'
import type { Watch } from './watch.ts'
import type { Weather } from './weather.ts'

/** One message that a customer wants to send, and what the API said to it. */
export interface Wish {
  instanceId: InstanceId
  to: string
  body: string
  /** When to give up; undefined: a day later, which no story lasts. */
  expiresAt: Date | undefined
  /** What the first 2xx named; undefined while there was none. */
  accepted: MessageId | undefined
  /** The customer has stopped asking. */
  over: boolean
}

/** Customers and the edge's verb: they repeat a request under its Idempotency-Key until it is answered with 2xx. */
export interface CustomerSide {
  send(actor: Actor, wish: Wish): void
  wishes: readonly Wish[]
}

export function createCustomerSide(deps: {
  time: VirtualTime
  weather: Weather
  watch: Watch
  database: MemoryDatabase
  slots: () => readonly ServerSlot[]
}): CustomerSide {
  const { time, database, watch } = deps
  const { random } = time
  const machine = time.machine('edge')
  const wishes: Wish[] = []
  const app = {
    messages: linkStore(createMemoryMessages(database), { ...deps, machine }),
    apiKeys: linkStore(createMemoryApiKeys(database), { ...deps, machine }),
    instances: linkStore(createMemoryInstances(database), { ...deps, machine }),
    provenKeys: createMemoryProvenKeys(),
    gateway: gatewayTo(deps),
    sharedHints: createSharedHints(),
    clock: { now: () => new Date() },
    background: {
      run: (work: () => Promise<unknown>) => void work().catch(() => {}),
      sleep: (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)),
    },
  }

  async function ask(actor: Actor, wish: Wish, idempotencyKey: string): Promise<void> {
    const { instanceId, to, body, expiresAt } = wish
    for (;;) {
      try {
        const { message } = await sendMessage(app, actor, {
          instanceId,
          to,
          content: { type: 'text', text: { body } },
          expiresAt,
          ifDisconnected: 'queue',
          idempotencyKey,
          request: { method: 'POST', path: '/', body: { to, body } },
          waitSeconds: 0,
        })
        if (wish.accepted !== undefined && wish.accepted !== message.id) watch.accuse('one key made two messages')
        wish.accepted ??= message.id
        // The answer may be lost too: then the customer asks again.
        if (random.chance(0.9)) return
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'SERVICE_UNAVAILABLE') throw error
      }
      await new Promise((resolve) => setTimeout(resolve, random.between(100, 1_500)))
    }
  }

  return {
    send(actor, wish) {
      wishes.push(wish)
      const key = `wish ${wishes.length}`
      time.after(0, machine, () => {
        ask(actor, wish, key).then(
          () => (wish.over = true),
          (error: unknown) => watch.accuse(`a send was refused: ${String(error)}`),
        )
      })
    },
    wishes,
  }
}

/** The edge's way to the workers: the real command handlers, over a network that may lose either way. */
function gatewayTo({ time, slots }: { time: VirtualTime; slots: () => readonly ServerSlot[] }): WorkerGateway {
  const { random } = time
  return {
    look: async () => {},
    health: async () => 'no-answer',
    resolveHost: async () => 'unknown',
    command(route, command, request) {
      const edge = time.current
      return new Promise((resolve, reject) => {
        const answer = (give: () => void) => time.after(random.between(1, 20), edge, give)
        const unavailable = () =>
          answer(() => reject(new ApiError('WORKER_UNAVAILABLE', 'The server of this instance does not answer now.')))
        const slot = slots().find(({ serverId }) => serverId === route.serverId)
        const { machine, behind } = slot ?? {}
        if (machine === undefined || behind === undefined || random.chance(0.3)) return unavailable()
        time.after(random.between(1, 20), machine, () => {
          // As the audience of the service token does.
          if (behind.incarnation() !== route.incarnation) {
            return answer(() => reject(new ApiError('INSTANCE_MOVED', 'Another run of the worker.')))
          }
          behind.commands.run(route.instanceId, command, { ...request, epoch: route.epoch }).then(
            (result) => answer(() => resolve(result as never)),
            (error: unknown) => answer(() => reject(error as Error)),
          )
        })
      })
    },
  }
}
