import type { AuditSearch } from './audit-search.ts'
import { endOfDay, startOfDay } from './day-bounds.ts'

/** The filters as the API takes them: days become moments. */
export function auditFilterOf({ page: _page, from, to, ...filter }: AuditSearch) {
  return {
    ...filter,
    from: from === undefined ? undefined : startOfDay(from),
    to: to === undefined ? undefined : endOfDay(to),
  }
}
