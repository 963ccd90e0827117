import type { ServerView } from '#contracts/http/servers.ts'
import type { Move, ServerOverview } from '#core/ports/servers.ts'

/** A server as admins see it. */
export function presentServer(server: ServerOverview): ServerView {
  const { placed, wanted, connected, owned, leaving, arriving } = server
  return {
    id: server.id,
    name: server.name,
    url: server.url,
    region: server.region,
    ip_address: server.ipAddress,
    provider: server.provider,
    cpu_cores: server.cpuCores,
    ram_gb: server.ramGb,
    cost_per_month: server.costPerMonth,
    status: server.status,
    status_reason: server.statusReason,
    worker_version: server.workerVersion,
    enrolled_at: server.enrolledAt?.toISOString() ?? null,
    health: server.health,
    edge_check: presentCheck(server),
    lease: { live: server.incarnation !== null, stopping: server.stopping },
    max_capacity: server.maxCapacity,
    utilisation: Math.round((placed / server.maxCapacity) * 1000) / 1000,
    instances: { placed, wanted, connected, owned, leaving, arriving },
    drain: presentDrain(server),
    created_at: server.createdAt.toISOString(),
  }
}

function presentCheck({ edgeCheck }: ServerOverview): ServerView['edge_check'] {
  if (edgeCheck === null) return null
  const { grade, reason, tookMs, checkedAt, since } = edgeCheck
  return { grade, reason, took_ms: tookMs, checked_at: checkedAt.toISOString(), since: since.toISOString() }
}

export function presentMove({ instanceId, from, to }: Move) {
  return { instance_id: instanceId, from, to }
}

function presentDrain({ drain, placed, leaving }: ServerOverview): ServerView['drain'] {
  if (drain === null) return null
  const remaining = placed + leaving
  return {
    started_at: drain.startedAt.toISOString(),
    instances: drain.instances,
    remaining,
    // One that was on its way here when the drain began may have arrived since.
    gone: Math.max(0, drain.instances - remaining),
    done: remaining === 0,
  }
}
