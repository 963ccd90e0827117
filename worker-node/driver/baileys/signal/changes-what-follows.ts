/**
 * Fields of a message by which Baileys changes what a later message is decrypted with: a sender key, machinery (keys,
 * LIDs), and what an own device wrote, which can hold either. The numbers of WhatsApp's `Message`.
 */
const machinery = new Set([2, 12, 31])

/** How many bytes of a value follow a field's key, by its wire type; a length-delimited one tells its length. */
const fixedBytes: Record<number, number> = { 1: 8, 5: 4 }
const [varint, lengthDelimited] = [0, 2]

/**
 * Whether a later message can be decrypted only when Baileys has done with this plaintext (with its padding). Looks at
 * the outermost fields alone; what is no protocol buffer counts as a change.
 */
export function changesWhatFollows(plaintext: Uint8Array): boolean {
  const end = plaintext.length - (plaintext.at(-1) ?? 0)
  let at = 0

  function readVarint(): number {
    let value = 0
    for (let factor = 1; at < end; factor *= 128) {
      const byte = plaintext[at++] ?? 0
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
    return Number.NaN
  }

  /** NaN when there is no such wire type, or no end of the value. */
  function positionAfter(wireType: number): number {
    if (wireType !== varint && wireType !== lengthDelimited) return at + (fixedBytes[wireType] ?? Number.NaN)
    const value = readVarint()
    if (wireType === lengthDelimited) return at + value
    return Number.isNaN(value) ? value : at
  }

  while (at < end) {
    const key = readVarint()
    const wireType = key % 8
    if (machinery.has(Math.floor(key / 8))) return true
    at = positionAfter(wireType)
    if (Number.isNaN(at)) return true
  }
  return at !== end
}
