import { listAdminsContract, type AdminView } from '#contracts/http/admins.ts'
import type { AdminId } from '#contracts/ids.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { call } from '#dashboard/lib/api/call.ts'

/** An admin as it is now, from the list: the API has no answer of one. Throws CallFailed. */
export async function loadAdmin(id: AdminId): Promise<AdminView> {
  for (let page = 1; ; page++) {
    const { data, meta } = await call(listAdminsContract, { query: { page, limit: 100 } })
    const found = data.find((admin) => admin.id === id)
    if (found !== undefined) return found
    if (page * meta.per_page >= meta.total) throw new CallFailed('NOT_FOUND', 'There is no such admin.')
  }
}
