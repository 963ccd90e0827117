import { inflateSync } from 'node:zlib'
import { decodeDecompressedBinaryNode, encodeBinaryNode } from '@whiskeysockets/baileys/lib/WABinary/index.js'
import * as constants from '@whiskeysockets/baileys/lib/WABinary/constants.js'
import type { BinaryNode } from '@whiskeysockets/baileys/lib/WABinary/types.js'

export type { BinaryNode }

/** The jid of the server itself, exactly as clients compare it. */
export const SERVER_JID = '@s.whatsapp.net'

const COMPRESSED = 2

type Content = BinaryNode['content']

/**
 * Makes a stanza. Attributes that are undefined are left out: the encoder would count them and corrupt the frame. (The
 * encoding also packs values of only `[0-9a-f]` in a way that comes back in upper case.)
 */
export function makeNode(tag: string, attrs: Record<string, string | undefined> = {}, content?: Content): BinaryNode {
  const present: Record<string, string> = {}
  for (const [name, value] of Object.entries(attrs)) {
    if (value !== undefined) present[name] = value
  }
  return content === undefined ? { tag, attrs: present } : { tag, attrs: present, content }
}

/** The flag byte 0 (not compressed) and the binary form. */
export function encodeNode(node: BinaryNode): Buffer {
  return encodeBinaryNode(node)
}

/** @throws on a frame that is no stanza */
export function decodeNode(frame: Buffer): BinaryNode {
  const body = frame.subarray(1)
  const plain = (frame[0] ?? 0) & COMPRESSED ? inflateSync(body) : body
  return decodeDecompressedBinaryNode(plain, constants)
}

export function childrenOf(node: BinaryNode | undefined, tag?: string): BinaryNode[] {
  if (!Array.isArray(node?.content)) return []
  return tag === undefined ? node.content : node.content.filter((child) => child.tag === tag)
}

export function childOf(node: BinaryNode | undefined, tag: string): BinaryNode | undefined {
  return childrenOf(node, tag)[0]
}

/** The bytes of a leaf; the encoding may have turned short ones into a string. */
export function bytesOf(node: BinaryNode | undefined): Buffer | undefined {
  const content = node?.content
  if (content === undefined || Array.isArray(content)) return undefined
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
}

export function textOf(node: BinaryNode | undefined): string | undefined {
  return bytesOf(node)?.toString('utf8')
}

/** A leaf with an unsigned big-endian number of `length` bytes. */
export function numberNode(tag: string, value: number, length: number): BinaryNode {
  const bytes = Buffer.alloc(length)
  bytes.writeUIntBE(value, 0, length)
  return makeNode(tag, {}, bytes)
}

/** Reads a leaf that `numberNode` would make; undefined when it is missing or has no bytes. */
export function numberOf(node: BinaryNode | undefined): number | undefined {
  const bytes = bytesOf(node)
  return bytes && bytes.length > 0 && bytes.length <= 6 ? bytes.readUIntBE(0, bytes.length) : undefined
}

export function unixSeconds(nowMs: number): string {
  return Math.floor(nowMs / 1000).toString()
}
