import { logInContract } from '#contracts/http/admin-auth.ts'
import { sendRequest, type CallInput } from '#dashboard/lib/api/send-request.ts'
import { beginSession } from '#dashboard/lib/session.ts'

export async function logIn(body: NonNullable<CallInput<typeof logInContract>['body']>): Promise<void> {
  const { data } = await sendRequest(logInContract, { body })
  beginSession(data)
}
