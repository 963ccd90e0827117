import type { InstanceView, PairingCodeView, QrView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { ApiClient } from '#local/client/api-client.ts'
import { ApiRefusal } from '#local/client/api-client.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { Phone, Simulator } from '#simulator/api.ts'

const pairingTimeoutMs = 30_000

/** The QR that the API shows for an instance, as soon as it shows one. */
export function currentQr(api: ApiClient, instanceId: InstanceId, except?: string): Promise<QrView> {
  return waitFor(
    async () => {
      try {
        const { data } = await api.request<QrView>('GET', `/api/v1/instances/${instanceId}/qr`)
        return data.qr === except ? undefined : data
      } catch (error) {
        if (error instanceof ApiRefusal && (error.status === 409 || error.status === 503)) return undefined
        throw error
      }
    },
    { what: `a QR code of ${instanceId}`, timeoutMs: pairingTimeoutMs, intervalMs: 100 },
  )
}

export async function pairByQr(api: ApiClient, instanceId: InstanceId, phone: Phone): Promise<void> {
  await phone.scan((await currentQr(api, instanceId)).qr)
}

/** WhatsApp asks the unpaired companion to renew itself while it shows its QR; only the new QR links the phone. */
export async function pairAfterRefresh(
  api: ApiClient,
  instanceId: InstanceId,
  phone: Phone,
  simulator: Simulator,
): Promise<void> {
  const { qr: old } = await currentQr(api, instanceId)
  await simulator.refreshRegistration(old)
  const { qr } = await currentQr(api, instanceId, old)
  await phone.scan(qr)
}

export async function pairByCode(api: ApiClient, instanceId: InstanceId, phone: Phone): Promise<string> {
  await currentQr(api, instanceId)
  const { data } = await api.request<PairingCodeView>('POST', `/api/v1/instances/${instanceId}/pairing-code`, {
    body: { phone_number: phone.phoneNumber },
  })
  await phone.enterCode(data.code)
  return data.code
}

export function whenConnected(
  api: ApiClient,
  instanceId: InstanceId,
  timeoutMs = pairingTimeoutMs,
): Promise<InstanceView> {
  return waitFor(
    async () => {
      const { data } = await api.request<InstanceView>('GET', `/api/v1/instances/${instanceId}`)
      return data.state === 'connected' ? data : undefined
    },
    { what: `${instanceId} to be connected`, timeoutMs, intervalMs: 100 },
  )
}
