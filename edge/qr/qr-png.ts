import { crc32 } from '#core/rules/crc32.ts'
import { qrMatrix } from './qr-matrix.ts'

const pixelsPerModule = 8
const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** A QR code as PNG of one bit per pixel. */
export async function qrPng(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const rows = qrMatrix(text)
  const pixels = rows.length * pixelsPerModule
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, pixels)
  view.setUint32(4, pixels)
  // Bit depth 1, greyscale; deflate, the only filter method, not interlaced.
  header.set([1, 0, 0, 0, 0], 8)
  return join([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', await deflate(join(rows.flatMap((row) => repeated(scanline(row)))))),
    chunk('IEND', new Uint8Array()),
  ])
}

/** A line of pixels after its filter type (none); white is 1. */
function scanline(row: readonly boolean[]): Uint8Array {
  const line = new Uint8Array(1 + (row.length * pixelsPerModule) / 8)
  for (const [x, dark] of row.entries()) if (!dark) line[1 + x] = 0xff
  return line
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const checked = join([new TextEncoder().encode(type), data])
  return join([uint32(data.length), checked, uint32(crc32(checked))])
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

function repeated(line: Uint8Array): Uint8Array[] {
  return Array.from({ length: pixelsPerModule }, () => line)
}

/** A zlib stream, which is what PNG calls deflate. */
async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const compressed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(compressed).arrayBuffer())
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
