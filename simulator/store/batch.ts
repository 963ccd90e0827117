import { createHash } from 'node:crypto'

/** One record's new value as JSON text, or null for its end. */
export type Change = [group: string, key: string, text: string | null]

/** A line of the journal: 8 hex digits of checksum, a space, the changes as JSON, a newline. */
export function encodeBatch(changes: Change[]): Buffer {
  const json = JSON.stringify(changes)
  return Buffer.from(`${checksumOf(json)} ${json}\n`)
}

/** Reads a line without its newline; undefined when it is not what was written. */
export function decodeBatch(line: Buffer): Change[] | undefined {
  const json = line.toString('utf8', 9)
  return line.toString('latin1', 0, 9) === `${checksumOf(json)} ` ? (JSON.parse(json) as Change[]) : undefined
}

function checksumOf(text: string): string {
  return createHash('md5').update(text).digest('hex').slice(0, 8)
}
