/** The first byte of whatever is stored as JSON, so that a later form can be told from this one. */
const version = 1

/** JSON of what holds no bytes, in the same form as `toBytes` gives it, in a third of its time. */
export function textToBytes(value: unknown): Uint8Array {
  return Buffer.from(`${String.fromCharCode(version)}${JSON.stringify(value)}`)
}

/** JSON in which bytes survive, behind a version byte. */
export function toBytes(value: unknown): Uint8Array {
  const json = JSON.stringify(value, function (this: Record<string, unknown>, key, shown: unknown) {
    // `this[key]` is the value before Buffer's own toJSON changed it.
    const original = this[key]
    return original instanceof Uint8Array ? { $bytes: Buffer.from(original).toString('base64') } : shown
  })
  return Buffer.concat([Buffer.of(version), Buffer.from(json)])
}

/** The reverse; bytes come back as Buffers, which is what libsignal asks for. Throws on anything else. */
export function fromBytes(bytes: Uint8Array): unknown {
  if (bytes[0] !== version) throw new Error(`Stored in version ${bytes[0]}, which this program does not know.`)
  const json = Buffer.from(bytes.buffer, bytes.byteOffset + 1, bytes.length - 1).toString('utf8')
  if (!json.includes('"$bytes"')) return JSON.parse(json)
  return JSON.parse(json, (_key, value: unknown) => (isBytes(value) ? Buffer.from(value.$bytes, 'base64') : value))
}

function isBytes(value: unknown): value is { $bytes: string } {
  return typeof value === 'object' && value !== null && '$bytes' in value && typeof value.$bytes === 'string'
}
