import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { eventSchema, type WharfEvent } from '#contracts/events.ts'
import { listenOnLoopback } from '#local/loopback/listen-on-loopback.ts'

/** One request that reached the sink. */
export interface ReceivedWebhook {
  /** `webhook-id`, or undefined when the header is missing. */
  id: string | undefined
  receivedAt: Date
  /** True when the Standard Webhooks library accepted signature and timestamp. */
  verified: boolean
  /** Why it was not verified. */
  problem: string | undefined
  /** Present when verified. */
  event: WharfEvent | undefined
}

export interface WebhookSink {
  /** Where to point an endpoint. */
  readonly url: string
  /** Everything received so far, oldest first. */
  readonly received: readonly ReceivedWebhook[]
  /** Accepts from now on what is signed by this secret (`whsec_...`), beside those told before. */
  expectSecret(secret: string): void
  onReceived(listener: (webhook: ReceivedWebhook) => void): void
  stop(): Promise<void>
}

/** What an endpoint does with a verified webhook: takes it (204), refuses it (500), or ends the connection. */
export type SinkAnswer = 'accept' | 'refuse' | 'reset'

const maxBodyBytes = 512 * 1024
const statuses = { accept: 204, refuse: 500 } as const

/**
 * A webhook receiver as a customer would write it: verifies each request with the Standard Webhooks library, keeps it, and
 * answers 204, or 400 when the signature is wrong. `answer` makes one that is slow or fails.
 */
export async function startSink(
  options: { port?: number; answer?: (webhook: ReceivedWebhook) => Promise<SinkAnswer> } = {},
): Promise<WebhookSink> {
  const received: ReceivedWebhook[] = []
  const listeners: ((webhook: ReceivedWebhook) => void)[] = []
  const verifiers: Webhook[] = []

  const { answer = () => Promise.resolve<SinkAnswer>('accept') } = options

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request).catch(() => undefined)
    if (body === undefined) return void response.writeHead(413).end()
    const webhook = examine(verifiers, body, request)
    received.push(webhook)
    for (const listener of listeners) listener(webhook)
    if (!webhook.verified) return void response.writeHead(400).end()
    const said = await answer(webhook)
    if (said === 'reset') response.destroy()
    else response.writeHead(statuses[said]).end()
  }

  const server = createServer((request, response) => void handle(request, response))
  const port = await listenOnLoopback(server, options.port ?? 0, 'The webhook sink')

  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    received,
    expectSecret: (secret) => {
      verifiers.push(new Webhook(secret))
    },
    onReceived: (listener) => {
      listeners.push(listener)
    },
    stop: () => close(server),
  }
}

function examine(verifiers: Webhook[], body: string, request: IncomingMessage): ReceivedWebhook {
  const headers = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(request.headers[name] ?? '')]),
  )
  const base = { id: headers['webhook-id'] || undefined, receivedAt: new Date() }
  let problem = 'no secret is known yet'
  for (const verifier of verifiers) {
    try {
      const event = eventSchema.parse(verifier.verify(body, headers))
      return { ...base, verified: true, problem: undefined, event }
    } catch (error) {
      problem = (error as Error).message
    }
  }
  return { ...base, verified: false, problem, event: undefined }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBodyBytes) throw new Error('The body is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
