import {
  beginTotpContract,
  changePasswordContract,
  confirmTotpContract,
  endSessionContract,
  logOutEverywhereContract,
  removeTotpContract,
} from '#contracts/http/admin-auth.ts'
import type { AdminSessionId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'
import type { CallInput } from '#dashboard/lib/api/send-request.ts'
import { endSession } from '#dashboard/lib/session.ts'
import { useRefreshing } from '#dashboard/lib/use-refreshing.ts'

/** What an admin does about the own log-in. */
export function useSecurityChanges() {
  const refreshing = useRefreshing('own')
  return {
    beginTotp: () => call(beginTotpContract),
    confirmTotp: refreshing((body: NonNullable<CallInput<typeof confirmTotpContract>['body']>) =>
      call(confirmTotpContract, { body }),
    ),
    removeTotp: refreshing((body: NonNullable<CallInput<typeof removeTotpContract>['body']>) =>
      call(removeTotpContract, { body }),
    ),
    changePassword: refreshing((body: NonNullable<CallInput<typeof changePasswordContract>['body']>) =>
      call(changePasswordContract, { body }),
    ),
    endOther: refreshing((session_id: AdminSessionId) => call(endSessionContract, { params: { session_id } })),
    /** This session too: what follows is the log-in. */
    logOutEverywhere: async () => {
      await call(logOutEverywhereContract)
      endSession()
    },
  }
}
