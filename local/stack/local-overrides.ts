import { z } from 'zod'
import type { WorkerOverrides } from '#worker-node/overrides.ts'
import type { Simulator } from '#simulator/api.ts'

type Endpoint = Pick<Simulator, 'url' | 'rootPublicKey'>

/** The address and the root key (base64) of the simulator as one text, or `live`. */
const whatsappSchema = z.union([
  z.literal('live'),
  z.string().transform((text) => z.object({ url: z.string(), rootPublicKey: z.base64() }).parse(JSON.parse(text))),
])

/** What a worker of the stack connects to, for its environment. Undefined is WhatsApp itself. */
export function describeWhatsapp(simulator: Endpoint | undefined): string {
  if (simulator === undefined) return 'live'
  const { url, rootPublicKey } = simulator
  return JSON.stringify({ url, rootPublicKey: Buffer.from(rootPublicKey).toString('base64') })
}

/** What only entry files of the local stack pass to a worker, by what `describeWhatsapp` wrote. */
export function localOverrides(described: string | undefined): WorkerOverrides {
  const whatsapp = whatsappSchema.parse(described)
  const local: WorkerOverrides = { allowLoopbackWebhooks: true, handshakesPerSecond: 50 }
  if (whatsapp === 'live') return local
  return {
    ...local,
    // Nobody bans a number of the simulator.
    newChatsPerMinute: null,
    whatsapp: { url: whatsapp.url, rootPublicKey: Buffer.from(whatsapp.rootPublicKey, 'base64') },
  }
}
