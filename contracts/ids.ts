import { typeid } from 'typeid-js'
import { z } from 'zod'
import { exampleId } from './examples.ts'

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
  admin: 'adm',
  adminSession: 'ses',
  auditEntry: 'aud',
  alert: 'alr',
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
export type AdminId = Id<'admin'>
export type AdminSessionId = Id<'adminSession'>
export type AuditEntryId = Id<'auditEntry'>
export type AlertId = Id<'alert'>

/** A new id of the kind, unique without coordination. */
export function newId<K extends IdKind>(kind: K): Id<K> {
  return typeid(idPrefixes[kind]).toString() as Id<K>
}

const idPattern = '[0-7][0-9a-hjkmnp-tv-z]{25}'
const wholeIdPattern = new RegExp(`^${idPattern}$`)

/** True for a well-formed id of that kind; says nothing about whether the thing exists. */
export function isId<K extends IdKind>(kind: K, value: string): value is Id<K> {
  const prefix = `${idPrefixes[kind]}_`
  return value.startsWith(prefix) && wholeIdPattern.test(value.slice(prefix.length))
}

function newIdSchema<K extends IdKind>(kind: K) {
  const prefix = idPrefixes[kind]
  const example = exampleId(prefix)
  return z
    .custom<Id<K>>((value) => typeof value === 'string' && isId(kind, value), {
      error: `must be an id like ${example}`,
    })
    .meta({
      id: `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Id`,
      type: 'string',
      pattern: `^${prefix}_${idPattern}$`,
      examples: [example],
    })
}

/** One schema of each kind, so that the documentation names it once. */
const idSchemas = Object.fromEntries(Object.keys(idPrefixes).map((kind) => [kind, newIdSchema(kind as IdKind)])) as {
  [K in IdKind]: ReturnType<typeof newIdSchema<K>>
}

/** Schema of an id of that kind, for bodies and answers. */
export function idSchema<K extends IdKind>(kind: K): (typeof idSchemas)[K] {
  return idSchemas[kind]
}
