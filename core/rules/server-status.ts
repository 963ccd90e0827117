import type { ServerStatus } from '#core/ports/servers.ts'

/**
 * What a server's status may become. It begins as `provisioning`, and nothing leads back there: a server whose worker has
 * enrolled once is known.
 */
const nextStatuses: Record<ServerStatus, readonly ServerStatus[]> = {
  provisioning: ['active', 'inactive', 'error'],
  active: ['draining', 'maintenance', 'inactive', 'error'],
  draining: ['active', 'maintenance', 'inactive', 'error'],
  maintenance: ['active', 'inactive', 'error'],
  inactive: ['active', 'maintenance', 'error'],
  error: ['active', 'maintenance', 'inactive'],
}

/** The statuses that may become `status`; it is none of them itself. */
export function statusesBefore(status: ServerStatus): ServerStatus[] {
  const all = Object.entries(nextStatuses) as [ServerStatus, readonly ServerStatus[]][]
  return all.flatMap(([before, next]) => (next.includes(status) ? [before] : []))
}
