/**
 * The little of protobuf that Signal's two messages need: unsigned varints and byte strings. Baileys' WAProto does not
 * contain them.
 */
export type ProtobufFields = ReadonlyMap<number, number | Buffer>

const VARINT = 0
const BYTES = 2

/** Encodes the fields in the order given, leaving out the undefined ones. */
export function encodeProtobuf(fields: [field: number, value: number | Uint8Array | undefined][]): Buffer {
  const parts: Uint8Array[] = []
  for (const [field, value] of fields) {
    if (value === undefined) continue
    if (typeof value === 'number') parts.push(varint((field << 3) | VARINT), varint(value))
    else parts.push(varint((field << 3) | BYTES), varint(value.length), value)
  }
  return Buffer.concat(parts)
}

/** @throws on anything but a sequence of whole varint and bytes fields */
export function decodeProtobuf(bytes: Buffer): ProtobufFields {
  const fields = new Map<number, number | Buffer>()
  let offset = 0
  const readVarint = (): number => {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes.readUInt8(offset++)
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new Error('A varint is longer than 32 bits.')
  }
  while (offset < bytes.length) {
    const key = readVarint()
    const type = key & 7
    if (type === VARINT) {
      fields.set(key >>> 3, readVarint())
    } else if (type === BYTES) {
      const length = readVarint()
      if (offset + length > bytes.length) throw new Error('A field is longer than its message.')
      fields.set(key >>> 3, bytes.subarray(offset, offset + length))
      offset += length
    } else {
      throw new Error(`Unexpected protobuf wire type ${type}.`)
    }
  }
  return fields
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}
