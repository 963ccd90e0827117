import { z } from 'zod'

/** What an API key may do. */
export const scopes = [
  'messages:send',
  'messages:read',
  'events:read',
  'instances:manage',
  'webhooks:manage',
  'account:read',
  'keys:manage',
] as const
export type Scope = (typeof scopes)[number]
export const scopeSchema = z.enum(scopes).meta({ id: 'Scope' })
