import type { BinaryNode } from './node.ts'

/** A stanza as JSON: byte contents become `{ base64 }`. */
export interface StoredNode {
  tag: string
  attrs: Record<string, string>
  content?: string | { base64: string } | StoredNode[]
}

export function storeNode(node: BinaryNode): StoredNode {
  const { tag, attrs, content } = node
  if (content === undefined) return { tag, attrs }
  if (typeof content === 'string') return { tag, attrs, content }
  if (Array.isArray(content)) return { tag, attrs, content: content.map(storeNode) }
  return { tag, attrs, content: { base64: Buffer.from(content).toString('base64') } }
}

export function restoreNode(stored: StoredNode): BinaryNode {
  const { tag, attrs, content } = stored
  if (content === undefined) return { tag, attrs }
  if (typeof content === 'string') return { tag, attrs, content }
  if (Array.isArray(content)) return { tag, attrs, content: content.map(restoreNode) }
  return { tag, attrs, content: Buffer.from(content.base64, 'base64') }
}
