import { sha256 } from './sha256.ts'

/** What a request asks for, as it came: defaults are not filled in, so that a later default changes no hash. */
export interface RequestIdentity {
  method: string
  /** Path without the query. */
  path: string
  /** The JSON body. */
  body: unknown
}

/** SHA-256 that is equal for equal requests, whatever the order of the fields in their JSON. */
export function requestHash({ method, path, body }: RequestIdentity): Promise<Uint8Array> {
  return sha256(`${method} ${path}\n${canonicalJson(body)}`)
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => (isRecord(member) ? sorted(member) : member)) ?? ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
