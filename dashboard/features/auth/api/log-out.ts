import { logOutContract } from '#contracts/http/admin-auth.ts'
import { sendRequest } from '#dashboard/lib/api/send-request.ts'
import { endSession } from '#dashboard/lib/session.ts'

/** Ends the session at the service, then here. Throws CallFailed while the service cannot be told: the cookie lives on. */
export async function logOut(): Promise<void> {
  await sendRequest(logOutContract, {})
  endSession()
}
