import { z } from 'zod'
import { phoneNumberSchema } from './fields.ts'
import { idSchema } from './ids.ts'
import { messageViewSchema } from './http/message-view.ts'
import { pairingCodeViewSchema, qrViewSchema } from './http/instances.ts'

/**
 * What the edge can ask of the worker that owns an instance: `POST /internal/instances/:instance_id/<command>` with a
 * service token. Every body carries the epoch by which the edge knows the owner; a worker that does not hold the
 * instance under that epoch answers INSTANCE_MOVED and the edge reads the route again.
 */
const epoch = z.number().int().nonnegative()

export const workerCommands = {
  /** The desired status changed: look now instead of at the next poll. */
  sync: { request: z.strictObject({ epoch }), response: z.object({}) },
  restart: { request: z.strictObject({ epoch }), response: z.object({}) },
  logout: { request: z.strictObject({ epoch }), response: z.object({}) },
  qr: { request: z.strictObject({ epoch }), response: qrViewSchema },
  'pairing-code': {
    request: z.strictObject({ epoch, phone_number: phoneNumberSchema }),
    response: pairingCodeViewSchema,
  },
  /** A message waits in the outbox; with `wait_ms` > 0 answer when it is sent or final, or when the time is over. */
  outbox: {
    request: z.strictObject({ epoch, message_id: idSchema('message'), wait_ms: z.number().int().min(0).max(30_000) }),
    response: z.object({ message: messageViewSchema.nullable() }),
  },
} as const

/**
 * What the edge can ask of a worker about its server: `POST /internal/server/<command>` with a service token. Orders that
 * drain, activate, rebalance or move are rows of the database, which the worker reads each second; `look` only makes it read
 * them at once.
 */
export const serverCommands = {
  look: { request: z.strictObject({}), response: z.object({}) },
  /** Whether a host name leads to the public internet and nowhere else; `unknown` when it cannot be looked up now. */
  'resolve-host': {
    request: z.strictObject({ host_name: z.string().min(1).max(253) }),
    response: z.object({ result: z.enum(['public', 'refused', 'unknown']) }),
  },
} as const
export type ServerCommand = keyof typeof serverCommands
export type HostVerdict = z.output<(typeof serverCommands)['resolve-host']['response']>['result']

export type WorkerCommand = keyof typeof workerCommands
export type CommandRequest<C extends WorkerCommand> = Omit<z.input<(typeof workerCommands)[C]['request']>, 'epoch'>
export type CommandResponse<C extends WorkerCommand> = z.output<(typeof workerCommands)[C]['response']>

/**
 * Claims of a service token: EdDSA, at most 30 seconds old, used once. `method`, `path` and `body_sha256` (hex) bind it
 * to one request, `aud` to one run of one worker.
 */
export const serviceTokenIssuer = 'wharf-edge'
export const serviceTokenType = 'wharf-service+jwt'
export const serviceTokenLifetimeSeconds = 30
export const serviceTokenClaimsSchema = z.object({
  iss: z.literal(serviceTokenIssuer),
  aud: z.string(),
  iat: z.number().int(),
  exp: z.number().int(),
  jti: z.string().min(16),
  method: z.string(),
  path: z.string(),
  body_sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type ServiceTokenClaims = z.infer<typeof serviceTokenClaimsSchema>

/** The audience of tokens for one run of one worker: a restart changes the incarnation, so old tokens die with it. */
export function serviceTokenAudience(serverId: string, incarnation: string): string {
  return `${serverId}/${incarnation}`
}

export const workerHealthSchema = z.object({
  status: z.enum(['healthy', 'degraded']),
  server_id: idSchema('server'),
  version: z.string(),
  uptime_seconds: z.number(),
  lease: z.object({ held: z.boolean() }),
  database: z.object({ reachable: z.boolean() }),
  sessions: z.record(z.string(), z.number().int()),
})
export type WorkerHealth = z.infer<typeof workerHealthSchema>
