import type { BinaryNode } from '#simulator/wire/node.ts'

/** The same stanza with one bit of each ciphertext in it flipped: where the MAC is, so that nothing else suffers. */
export function corruptStanza(node: BinaryNode): BinaryNode {
  const { content } = node
  if (node.tag === 'enc' && content !== undefined && typeof content !== 'string' && !Array.isArray(content)) {
    const bytes = Buffer.from(content)
    const last = macEnd(node, bytes)
    bytes.writeUInt8(bytes.readUInt8(last) ^ 1, last)
    return { ...node, content: bytes }
  }
  return Array.isArray(content) ? { ...node, content: content.map(corruptStanza) } : node
}

/** A msg ends in its MAC; a pkmsg ends in two small numbers (registration id, signed pre-key id) after it. */
function macEnd(node: BinaryNode, bytes: Buffer): number {
  return Math.max(0, bytes.length - (node.attrs['type'] === 'pkmsg' ? 12 : 1))
}
