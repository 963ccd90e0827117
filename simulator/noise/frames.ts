import { NOISE_HEADER } from './handshake-state.ts'

const EMPTY = Buffer.alloc(0)
/** `ED`, 0, 1, a byte and two bytes of length: what precedes the prologue when the client has routing info. */
const ROUTING_HEADER_LENGTH = 7

/** A frame on the wire: its length in three bytes, then its payload. @throws above 16 MiB */
export function frameOf(payload: Uint8Array): Buffer {
  if (payload.length >= 1 << 24) throw new Error(`A frame holds less than 16 MiB, not ${payload.length} bytes.`)
  const frame = Buffer.allocUnsafe(3 + payload.length)
  frame.writeUIntBE(payload.length, 0, 3)
  frame.set(payload, 3)
  return frame
}

/** Cuts a byte stream into frames; the pieces that arrive need not respect the frames' borders. */
export class FrameSplitter {
  #rest: Buffer = EMPTY
  #introPending: boolean

  constructor(options: { expectIntro: boolean }) {
    this.#introPending = options.expectIntro
  }

  /** @returns the frames that are complete now. @throws when the stream does not begin as WhatsApp's does */
  push(bytes: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    if (this.#introPending && !this.#readIntro()) return []
    const frames: Buffer[] = []
    for (;;) {
      if (this.#rest.length < 3) return frames
      const end = 3 + this.#rest.readUIntBE(0, 3)
      if (this.#rest.length < end) return frames
      frames.push(this.#rest.subarray(3, end))
      this.#rest = this.#rest.subarray(end)
    }
  }

  #readIntro(): boolean {
    let start = 0
    if (this.#rest.subarray(0, 2).toString('latin1') === 'ED') {
      if (this.#rest.length < ROUTING_HEADER_LENGTH) return false
      start = ROUTING_HEADER_LENGTH + this.#rest.readUIntBE(4, 3)
    }
    const end = start + NOISE_HEADER.length
    if (this.#rest.length < end) return false
    if (!this.#rest.subarray(start, end).equals(NOISE_HEADER)) throw new Error('This is no WhatsApp Web stream.')
    this.#rest = this.#rest.subarray(end)
    this.#introPending = false
    return true
  }
}
