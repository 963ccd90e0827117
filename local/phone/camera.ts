import type { InstanceId } from '#contracts/ids.ts'
import type { FleetInstances } from '#core/ports/fleet-instances.ts'
import type { PairingLinks } from '#core/ports/pairing-links.ts'

/** What a virtual phone can point its camera at: instances that show a QR code now. */
export interface Camera {
  screens(): Promise<{ instance_id: InstanceId; instance_name: string; customer_name: string }[]>
  /** The text of the code that the instance shows; undefined when it shows none. */
  read(instanceId: InstanceId): Promise<string | undefined>
}

interface CameraOptions {
  instances: Pick<FleetInstances, 'listAcrossCustomers' | 'getAcrossCustomers'>
  pairingLinks: PairingLinks
  edgeUrl: () => string
}

const mostScreens = 50
const lookTimeoutMs = 10_000

/** Sees instances of all customers, each as a person with a pairing link to it would. */
export function openCamera({ instances, pairingLinks, edgeUrl }: CameraOptions): Camera {
  return {
    async screens() {
      const newestFirst = { by: 'createdAt', descending: true } as const
      const page = { page: 1, perPage: mostScreens }
      const { rows } = await instances.listAcrossCustomers({ state: 'pairing', sort: newestFirst }, page)
      return rows.map(({ instance, customerName }) => ({
        instance_id: instance.id,
        instance_name: instance.name,
        customer_name: customerName,
      }))
    },
    async read(instanceId) {
      const found = await instances.getAcrossCustomers(instanceId)
      if (found === undefined) return undefined
      const { customerId } = found.instance
      const expiresAt = new Date(Date.now() + 60_000)
      const token = await pairingLinks.sign({ customerId, instanceId, expiresAt })
      return firstQr(`${edgeUrl()}/api/pair/events`, token)
    },
  }
}

/** Reads the stream until it tells a code. */
async function firstQr(url: string, token: string): Promise<string | undefined> {
  const look = new AbortController()
  const signal = AbortSignal.any([look.signal, AbortSignal.timeout(lookTimeoutMs)])
  try {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal })
    if (!response.ok || response.body === null) return undefined
    let text = ''
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const data = /^event: qr\ndata: (.*)\n\n/m.exec(text)?.[1]
      if (data !== undefined) return (JSON.parse(data) as { qr: string }).qr
    }
    return undefined
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  } finally {
    look.abort()
  }
}
