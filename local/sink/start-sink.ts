import { createServer, type IncomingMessage, type Server } from 'node:http'
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
  /** Verifies from now on with this secret (`whsec_...`). */
  expectSecret(secret: string): void
  onReceived(listener: (webhook: ReceivedWebhook) => void): void
  stop(): Promise<void>
}

const maxBodyBytes = 512 * 1024

/**
 * A webhook receiver as a customer would write it: verifies each request with the Standard Webhooks library, keeps it, and
 * answers 204, or 400 when the signature is wrong.
 */
export async function startSink(options: { port?: number } = {}): Promise<WebhookSink> {
  const received: ReceivedWebhook[] = []
  const listeners: ((webhook: ReceivedWebhook) => void)[] = []
  let verifier: Webhook | undefined

  const server = createServer((request, response) => {
    readBody(request).then(
      (body) => {
        const webhook = examine(verifier, body, request)
        received.push(webhook)
        for (const listener of listeners) listener(webhook)
        response.writeHead(webhook.verified ? 204 : 400).end()
      },
      () => response.writeHead(413).end(),
    )
  })
  const port = await listenOnLoopback(server, options.port ?? 0, 'The webhook sink')

  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    received,
    expectSecret: (secret) => {
      verifier = new Webhook(secret)
    },
    onReceived: (listener) => {
      listeners.push(listener)
    },
    stop: () => close(server),
  }
}

function examine(verifier: Webhook | undefined, body: string, request: IncomingMessage): ReceivedWebhook {
  const header = (name: string) => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  const base = { id: header('webhook-id'), receivedAt: new Date() }
  try {
    if (verifier === undefined) throw new Error('no secret is known yet')
    const payload = verifier.verify(body, {
      'webhook-id': header('webhook-id') ?? '',
      'webhook-timestamp': header('webhook-timestamp') ?? '',
      'webhook-signature': header('webhook-signature') ?? '',
    })
    return { ...base, verified: true, problem: undefined, event: eventSchema.parse(payload) }
  } catch (error) {
    return { ...base, verified: false, problem: (error as Error).message, event: undefined }
  }
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
