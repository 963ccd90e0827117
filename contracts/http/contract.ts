import type { z } from 'zod'
import type { ErrorCode } from '#contracts/errors.ts'

/**
 * What one endpoint takes and answers. The edge validates by it, the documentation is generated from it, and the
 * dashboard's types come from it: there is no second description of an endpoint.
 */
export interface Contract {
  /** The name of the contract's constant without `Contract`; unique. */
  id: string
  group: ContractGroup
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Path with `:name` parameters. */
  path: string
  summary: string
  /** Path parameters that hold ids; a malformed one answers 404, exactly as an unknown one does. */
  params?: z.ZodObject
  query?: z.ZodObject
  /** Lower-case names of the request headers that mean something here. */
  headers?: z.ZodObject
  body?: z.ZodType
  /** Status > schema of the whole answer; `null` where there is no body. */
  responses: Record<number, z.ZodType | null>
  /** Other forms of the answer 200, by media type; where there are several forms, `Accept` chooses and JSON comes first. */
  otherMedia?: Record<string, z.ZodType>
  /** Lower-case names of the headers that its good answers may have beyond those of every answer. */
  answerHeaders?: z.ZodObject
  /** Codes that this endpoint answers beyond those of every endpoint (key, limits, validation, internal). */
  errors: readonly ErrorCode[]
}

/** What belongs together in the documentation, in its order. */
export const contractGroups = {
  Instances: 'WhatsApp numbers: create, pair, start, stop.',
  'Pairing page': 'For the page that a pairing link opens, by the token of the link.',
  Messages: 'Send messages and follow what became of them.',
  Webhooks: 'Endpoints of yours that are told about events.',
  Events: 'What happened, as a log to read and as signed calls of your webhook endpoints.',
  Account: 'Whose key this is, and how much of the plan is used.',
  'API keys': 'Keys of the account: what each may do, and until when.',
  Service: 'The service itself; these need no key.',
  'Log-in': 'How people who run the service prove who they are.',
  Customers: 'Who uses the service, for those who run it.',
  Servers: 'Machines whose workers hold the sessions: how full, how well, drained or not.',
  Metrics: 'How much happens in the whole service.',
  Alerts: 'What needs somebody of those who run the service.',
  Fleet: 'The instances of all customers, and on which servers they are.',
  Admins: 'The people who run the service, and what they changed.',
} as const
export type ContractGroup = keyof typeof contractGroups

/** Keeps the literal types of a contract. */
export function defineContract<const C extends Contract>(contract: C): C {
  return contract
}

export type Params<C extends Contract> = C['params'] extends z.ZodType ? z.output<C['params']> : Record<string, never>
export type Query<C extends Contract> = C['query'] extends z.ZodType ? z.output<C['query']> : Record<string, never>
export type Headers<C extends Contract> = C['headers'] extends z.ZodType
  ? z.output<C['headers']>
  : Record<string, never>
export type Body<C extends Contract> = C['body'] extends z.ZodType ? z.output<C['body']> : undefined
