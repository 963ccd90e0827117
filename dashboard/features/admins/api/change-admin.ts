import { createAdminContract, resetAdminContract, updateAdminContract } from '#contracts/http/admins.ts'
import type { AdminId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'
import type { CallInput } from '#dashboard/lib/api/send-request.ts'
import { useRefreshing } from '#dashboard/lib/use-refreshing.ts'

/** What a super admin can do to admins; the list is loaded anew afterwards. */
export function useAdminChanges() {
  const refreshing = useRefreshing('admins')
  return {
    create: refreshing((body: NonNullable<CallInput<typeof createAdminContract>['body']>) =>
      call(createAdminContract, { body }),
    ),
    update: refreshing((admin_id: AdminId, body: NonNullable<CallInput<typeof updateAdminContract>['body']>) =>
      call(updateAdminContract, { params: { admin_id }, body }),
    ),
    reset: refreshing((admin_id: AdminId) => call(resetAdminContract, { params: { admin_id } })),
  }
}
