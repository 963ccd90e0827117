/** The few messages of PostgreSQL's wire protocol (version 3) that the server in front of PGlite reads or makes itself. */

/** A framed message of a client. The start-up packet and its kin carry no type letter: their type is ''. */
export interface WireMessage {
  type: string
  /** The whole message as it came, header included. */
  bytes: Buffer
}

const maxMessageBytes = 256 * 1024 * 1024

export const requestCode = { startup: 3 << 16, ssl: 80877103, gssEncryption: 80877104, cancel: 80877102 } as const

/** Cuts a stream of bytes into messages. */
export function createMessageReader() {
  let chunks: Buffer[] = []
  let total = 0
  let needed = 0

  function joined(): Buffer {
    const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    chunks = [all]
    return all
  }

  return {
    push(chunk: Buffer): void {
      chunks.push(chunk)
      total += chunk.length
    },
    /** The next whole message, or none yet. Throws for a length that cannot be. */
    next(startup: boolean): WireMessage | undefined {
      const headerBytes = startup ? 4 : 5
      if (total < Math.max(headerBytes, needed)) return undefined
      const all = joined()
      const bytes = all.readInt32BE(headerBytes - 4) + (headerBytes - 4)
      if (bytes < headerBytes || bytes > maxMessageBytes) throw new Error('invalid message length')
      needed = bytes
      if (total < needed) return undefined
      needed = 0
      total -= bytes
      chunks = [all.subarray(bytes)]
      return { type: startup ? '' : String.fromCharCode(all[0]!), bytes: all.subarray(0, bytes) }
    },
  }
}

/** What the start-up packet asks for: the protocol's version, or one of `requestCode`. */
export function startupCode({ bytes }: WireMessage): number {
  return bytes.length < 8 ? 0 : bytes.readInt32BE(4)
}

/** What a start-up packet says beside the version: names and values, each ended by a zero byte. */
export function startupParameters({ bytes }: WireMessage): Record<string, string> {
  const words = bytes.toString('utf8', 8).split('\0')
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < words.length && words[at] !== ''; at += 2) pairs.push([words[at]!, words[at + 1]!])
  return Object.fromEntries(pairs)
}

function message(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(5)
  header.write(type, 'latin1')
  header.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}

/** "You are logged in": authentication ok, the server's settings, a key for cancelling, ready for a query. */
export function startupAnswer(settings: Record<string, string>): Buffer {
  const parameters = Object.entries(settings).map(([name, value]) => message('S', Buffer.from(`${name}\0${value}\0`)))
  return Buffer.concat([
    message('R', Buffer.alloc(4)),
    ...parameters,
    message('K', Buffer.alloc(8)),
    message('Z', Buffer.from('I')),
  ])
}

/** An error after which the connection is closed. */
export function fatalError(code: string, text: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`))
}
