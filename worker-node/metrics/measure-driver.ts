import type { Connection, ConnectionListener, Driver } from '#core/ports/driver.ts'
import type { WorkerMetrics } from './worker-metrics.ts'

/** The same driver, counting log-ins, ends of connections and what became of every attempt to send. */
export function measureDriver(driver: Driver, metrics: WorkerMetrics): Driver {
  return {
    open: (session, listener) => measureConnection(driver.open(session, measureListener(listener, metrics)), metrics),
  }
}

function measureListener(listener: ConnectionListener, metrics: WorkerMetrics): ConnectionListener {
  return {
    ...listener,
    onOpen(account) {
      metrics.connectionsOpened.inc()
      listener.onOpen(account)
    },
    onClosed(cause) {
      metrics.connectionsClosed.inc({ cause: cause.kind })
      listener.onClosed(cause)
    },
  }
}

function measureConnection(connection: Connection, { attempts, ackSeconds }: WorkerMetrics): Connection {
  return {
    ...connection,
    async send(request) {
      const startedAt = performance.now()
      const outcome = await connection.send(request)
      attempts.inc({ outcome: outcome.outcome })
      if (outcome.outcome === 'acked') ackSeconds.observe((performance.now() - startedAt) / 1_000)
      return outcome
    },
  }
}
