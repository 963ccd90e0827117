import type { BinaryNode } from '@whiskeysockets/baileys'

export function childrenOf({ content }: BinaryNode): BinaryNode[] {
  return Array.isArray(content) ? content : []
}

export function childNamed(parent: BinaryNode | undefined, tag: string): BinaryNode | undefined {
  return parent && childrenOf(parent).find((child) => child.tag === tag)
}

/** The bytes of a child; undefined without such a child. The wire turns some contents into text by itself. */
export function bytesOfChild(parent: BinaryNode | undefined, tag: string): Uint8Array | undefined {
  const content = childNamed(parent, tag)?.content
  if (typeof content === 'string') return Buffer.from(content)
  return content instanceof Uint8Array ? content : undefined
}

/** The text of a node; empty without any. */
export function textOf({ content }: BinaryNode): string {
  if (typeof content === 'string') return content
  return content instanceof Uint8Array ? Buffer.from(content).toString() : ''
}
