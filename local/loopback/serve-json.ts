import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { listenOnLoopback } from './listen-on-loopback.ts'

export interface JsonRequest {
  path: string
  headers: IncomingHttpHeaders
  /** The parsed body. */
  body: unknown
}

export interface JsonAnswer {
  status: number
  body: unknown
}

export interface JsonEndpoint {
  port: number
  /** HTTP requests so far, the refused ones too. */
  requests: () => number
  /** Cuts what is open and closes the port. May be called twice. */
  stop: () => Promise<void>
}

interface JsonEndpointOptions {
  /** Names the endpoint in error sentences: "Neon's HTTP protocol". */
  what: string
  port: number
  maxBodyBytes: number
  /** The body of an error in this protocol's own shape. */
  errorBody: (sentence: string) => unknown
  /** Called before the body is read; an answer given here is final. */
  refuse?: (request: { path: string; headers: IncomingHttpHeaders }) => JsonAnswer | undefined
  handle: (request: JsonRequest) => Promise<JsonAnswer>
  log?: ((line: string) => void) | undefined
}

/** Longer than any client keeps an idle connection, so that none writes its next request into one just closed here. */
const keepAliveTimeoutMs = 65_000

class RequestRefused extends Error {
  readonly status: number
  constructor(status: number, sentence: string) {
    super(sentence)
    this.status = status
  }
}

/** A small HTTP server for protocols that POST JSON and answer JSON: Neon's and Upstash's. */
export async function serveJson(options: JsonEndpointOptions): Promise<JsonEndpoint> {
  let requests = 0
  const server = createServer({ keepAliveTimeout: keepAliveTimeoutMs }, (incoming, outgoing) => {
    requests += 1
    void answerTo(incoming, options).then(({ status, body }) => {
      const text = JSON.stringify(body)
      outgoing.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      outgoing.end(text)
    })
  })
  const port = await listenOnLoopback(server, options.port, options.what)
  return {
    port,
    requests: () => requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answerTo(incoming: IncomingMessage, options: JsonEndpointOptions): Promise<JsonAnswer> {
  const { pathname: path } = new URL(incoming.url ?? '/', 'http://loopback')
  const { headers } = incoming
  try {
    if (incoming.method !== 'POST') throw new RequestRefused(405, `${options.what} takes POST only.`)
    const refusal = options.refuse?.({ path, headers })
    if (refusal) {
      incoming.resume()
      return refusal
    }
    return await options.handle({ path, headers, body: await readJson(incoming, options.maxBodyBytes) })
  } catch (error) {
    if (error instanceof RequestRefused) return { status: error.status, body: options.errorBody(error.message) }
    const sentence = error instanceof Error ? error.message : String(error)
    options.log?.(`${options.what}: ${sentence}`)
    return { status: 500, body: options.errorBody(sentence) }
  }
}

/** Reads on past the limit without keeping the bytes: a client that is still sending would not see an early answer. */
async function readJson(incoming: IncomingMessage, maxBytes: number): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= maxBytes) chunks.push(chunk)
    else chunks.length = 0
  }
  if (bytes > maxBytes) throw new RequestRefused(413, `The body is larger than ${maxBytes} bytes.`)
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new RequestRefused(400, 'The body is not valid JSON.')
  }
}
