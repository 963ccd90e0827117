import type { PairingCodeView } from '#contracts/http/instances.ts'
import { requestGuestCodeContract } from '#contracts/http/pairing.ts'
import { sendRequest } from '#dashboard/lib/api/send-request.ts'

/** A code to type on the phone of this number. Throws CallFailed. */
export async function requestCode(token: string, phoneNumber: string): Promise<PairingCodeView> {
  const { data } = await sendRequest(requestGuestCodeContract, { body: { phone_number: phoneNumber } }, token)
  return data
}
