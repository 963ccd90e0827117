import type { WorkerHealth } from '#contracts/worker-protocol.ts'
import type { Clock } from '#core/ports/clock.ts'
import type { WorkerConfig } from '#worker-node/config.ts'
import type { Log } from '#worker-node/log.ts'
import type { WorkerMetrics } from '#worker-node/metrics/worker-metrics.ts'
import { createHttpApp } from './app.ts'
import { isCommand, isServerCommand, type Commands } from './commands.ts'
import { startEdgeKeys } from './edge-keys.ts'
import { listen } from './listen.ts'
import { createUsedTokens } from './used-tokens.ts'
import { verifyServiceToken } from './verify-service-token.ts'

/** What the worker's HTTP side gives access to. */
export interface Behind {
  commands: Commands
  /** Looks at the orders for this server now. */
  look: () => void
  /** The run of this worker that tokens must be made for; undefined while it holds no lease. */
  incarnation: () => string | undefined
  health: () => WorkerHealth
}

/** The worker's HTTP side: what the edge and the monitors come in by. */
export interface Door {
  /** `http://host:port` as bound. */
  readonly url: string
  /** Nobody new comes in; whoever is inside has `graceMs` to end. */
  close(graceMs: number): Promise<void>
}

export type OpenDoor = (behind: Behind) => Promise<Door>

/** The real door: HTTP, service tokens, the edge's keys. What it opens throws CannotListen. */
export function httpDoor(deps: { config: WorkerConfig; clock: Clock; metrics: WorkerMetrics; log: Log }): OpenDoor {
  const { config, clock, metrics, log } = deps
  return async ({ commands, look, incarnation, health }) => {
    const keys = startEdgeKeys(config.edgeJwksUrl, log)
    const { serverId } = config
    const tokens = { keyOf: keys.keyOf, serverId, incarnation, clock, usedTokens: createUsedTokens() }
    const app = createHttpApp({
      commands,
      look,
      authenticate: (request) => verifyServiceToken(tokens, request),
      health,
      log,
      onCommand({ name, code, durationMs }) {
        const command = isCommand(name) || isServerCommand(name) ? name : 'unknown'
        metrics.commands.inc({ command, code })
        metrics.commandSeconds.observe({ command }, durationMs / 1_000)
      },
    })
    const server = await listen(app, config).catch(async (error: unknown) => {
      // Its timer would keep a process alive that has nothing to do.
      await keys.stop()
      throw error
    })
    return {
      url: server.url,
      close: async (graceMs) => void (await Promise.all([server.close(graceMs), keys.stop()])),
    }
  }
}
