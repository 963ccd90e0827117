import type { FleetInstanceFilter } from '#core/ports/fleet-instances.ts'
import type { PageRequest } from '#core/ports/table.ts'

interface ListQuery extends Omit<FleetInstanceFilter, 'sort'> {
  page: number
  limit: number
  sort: 'created_at' | '-created_at' | 'name' | '-name'
}

/** What both lists of instances are asked. */
export function readListQuery({ page, limit: perPage, sort, ...rest }: ListQuery): {
  filter: FleetInstanceFilter
  page: PageRequest
} {
  const by = sort.endsWith('name') ? 'name' : 'createdAt'
  return { filter: { ...rest, sort: { by, descending: sort.startsWith('-') } }, page: { page, perPage } }
}
