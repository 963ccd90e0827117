/** CRC-32 (IEEE 802.3) of bytes or of an ASCII text. Finds typing errors; protects against nobody. */
export function crc32(data: string | Uint8Array): number {
  let crc = 0xffffffff
  for (let index = 0; index < data.length; index++) {
    crc ^= typeof data === 'string' ? data.charCodeAt(index) : (data[index] ?? 0)
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
