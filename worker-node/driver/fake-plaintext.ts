/** A text as WhatsApp encrypts it (field 1 of a protocol buffer, then padding), without WhatsApp's library. */
export function plaintextOfText(body: string): Uint8Array {
  const text = Buffer.from(body)
  const length: number[] = []
  for (let rest = text.length; ; rest >>>= 7) {
    if (rest < 0x80) {
      length.push(rest)
      break
    }
    length.push((rest & 0x7f) | 0x80)
  }
  return Buffer.concat([Buffer.of(0x0a, ...length), text, Buffer.of(1)])
}
