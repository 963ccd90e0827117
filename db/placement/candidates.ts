import { sql, type SQL } from 'drizzle-orm'
import type { PlacementCandidate } from '#core/ports/servers.ts'
import { placedCount } from './server-conditions.ts'

export type CandidateRow = {
  id: PlacementCandidate['id']
  region: string
  max_capacity: number
  instances: number
  live: boolean
  health: PlacementCandidate['health']
}

/** Active servers, live or not. */
export const candidatesQuery: SQL = sql`
  SELECT s.id, s.region, s.max_capacity, s.health, ${placedCount} AS instances,
    coalesce(s.lease_expires_at > clock_timestamp(), false) AND NOT s.stopping AS live
  FROM servers s
  WHERE s.status = 'active' AND s.deleted_at IS NULL
  ORDER BY s.id`

export function toCandidate({ max_capacity, ...row }: CandidateRow): PlacementCandidate {
  return { ...row, maxCapacity: max_capacity }
}
