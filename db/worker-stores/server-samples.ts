import { sql } from 'drizzle-orm'
import type { ServerSamples } from '#core/ports/server-metrics.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import type { WorkerDatabase } from './worker-database.ts'

export function createServerSamples(database: WorkerDatabase): ServerSamples {
  return guardStore<ServerSamples>({
    async record(serverId, incarnation, { cpu, memory, disk, networkIn, networkOut, eventLoopLagMs, sessions }) {
      await database.execute(sql`
        INSERT INTO server_minutes AS m
          (server_id, at, cpu, memory, disk, network_in, network_out, event_loop_lag_ms, sessions)
        SELECT s.id, date_trunc('minute', clock_timestamp()), ${cpu}::real, ${memory}::real, ${disk}::real,
          ${networkIn}::bigint, ${networkOut}::bigint, ${eventLoopLagMs}::real, ${sessions}::real
        FROM servers s
        WHERE s.id = ${serverId} AND s.incarnation = ${incarnation} AND s.lease_expires_at > clock_timestamp()
        ON CONFLICT (server_id, at) DO UPDATE SET cpu = excluded.cpu, memory = excluded.memory, disk = excluded.disk,
          network_in = coalesce(m.network_in + excluded.network_in, m.network_in, excluded.network_in),
          network_out = coalesce(m.network_out + excluded.network_out, m.network_out, excluded.network_out),
          event_loop_lag_ms = excluded.event_loop_lag_ms, sessions = excluded.sessions`)
    },
  })
}
