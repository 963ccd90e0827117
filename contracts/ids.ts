import { typeid } from 'typeid-js'
import { z } from 'zod'

/** What each kind of thing is called in its id; ids are TypeIDs (a prefix and a UUIDv7 in base32), so they sort by time. */
export const idPrefixes = {
  customer: 'cus',
  apiKey: 'key',
  instance: 'ins',
  server: 'srv',
  message: 'msg',
  event: 'evt',
  webhook: 'whk',
  request: 'req',
} as const

export type IdKind = keyof typeof idPrefixes
export type Id<K extends IdKind> = `${(typeof idPrefixes)[K]}_${string}`

export type CustomerId = Id<'customer'>
export type ApiKeyId = Id<'apiKey'>
export type InstanceId = Id<'instance'>
export type ServerId = Id<'server'>
export type MessageId = Id<'message'>
export type EventId = Id<'event'>
export type WebhookId = Id<'webhook'>
export type RequestId = Id<'request'>

/** A new id of the kind, unique without coordination. */
export function newId<K extends IdKind>(kind: K): Id<K> {
  return typeid(idPrefixes[kind]).toString() as Id<K>
}

/** True for a well-formed id of that kind; says nothing about whether the thing exists. */
export function isId<K extends IdKind>(kind: K, value: string): value is Id<K> {
  const prefix = `${idPrefixes[kind]}_`
  return value.startsWith(prefix) && /^[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(value.slice(prefix.length))
}

/** Schema of an id of that kind, for bodies and answers. */
export function idSchema<K extends IdKind>(kind: K) {
  return z.custom<Id<K>>((value) => typeof value === 'string' && isId(kind, value), {
    error: `must be an id like ${idPrefixes[kind]}_01h455vb4pex5vsknk084sn02q`,
  })
}
