import type { Simulator } from '#simulator/api.ts'

/** What a person reads when the simulator has started: where it is, and how to use it. */
export function banner(simulator: Simulator, dataDir: string | undefined): string {
  const rootKey = Buffer.from(simulator.rootPublicKey).toString('hex')
  return `
WhatsApp simulator
  WebSocket     ${simulator.url}
  root key      ${rootKey}
  control API   ${simulator.controlUrl}
  data          ${dataDir ?? '(in memory)'}

Point any Baileys program at it:

  import { makeWASocket, WA_CERT_DETAILS } from '@whiskeysockets/baileys'
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from('${rootKey}', 'hex')
  const socket = makeWASocket({ auth, waWebSocketUrl: '${simulator.url}' })

Then make a phone, scan the QR text of the program's connection.update event, and write to it:

  curl -s ${simulator.controlUrl}/phones -H 'content-type: application/json' -d '{"phone_number":"+5511987654321","name":"Ana"}'
  curl -s ${simulator.controlUrl}/phones/+5511987654321/scan -H 'content-type: application/json' -d '{"qr":"..."}'
  curl -s ${simulator.controlUrl}/phones/+5511987654321/messages

Ctrl-C stops it.
`
}
