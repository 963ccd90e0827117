import type { Contract } from '#contracts/http/contract.ts'
import { accessToken, refreshAccess } from '#dashboard/lib/session.ts'
import { CallFailed } from './call-failed.ts'
import { sendRequest, type Answer, type CallInput } from './send-request.ts'

/**
 * A call as the admin who is logged in. A token that ran out is refreshed once; when that fails the session is over, which
 * whoever shows the page learns from the session. Throws CallFailed.
 */
export function call<C extends Contract>(contract: C, input: CallInput<C> = {}): Promise<Answer<C>> {
  return withAccess((token) => sendRequest(contract, input, token))
}

/** The same of whatever is sent with the token. */
export async function withAccess<T>(send: (token: string | undefined) => Promise<T>): Promise<T> {
  const token = accessToken()
  try {
    return await send(token)
  } catch (error) {
    if (!(error instanceof CallFailed) || error.code !== 'INVALID_ADMIN_TOKEN') throw error
    return send(await refreshAccess(token))
  }
}
