import type { Contract } from '#contracts/http/contract.ts'
import { accessToken, refreshAccess } from '#dashboard/lib/session.ts'
import { CallFailed } from './call-failed.ts'
import { sendRequest, type Answer, type CallInput } from './send-request.ts'

/**
 * A call as the admin who is logged in. A token that ran out is refreshed once; when that fails the session is over, which
 * whoever shows the page learns from the session. Throws CallFailed.
 */
export async function call<C extends Contract>(contract: C, input: CallInput<C> = {}): Promise<Answer<C>> {
  const token = accessToken()
  try {
    return await sendRequest(contract, input, token)
  } catch (error) {
    if (!(error instanceof CallFailed) || error.code !== 'INVALID_ADMIN_TOKEN') throw error
    return sendRequest(contract, input, await refreshAccess(token))
  }
}
