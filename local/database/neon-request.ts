import { z } from 'zod'
import type { IncomingHttpHeaders } from 'node:http'

const statement = z.object({
  query: z.string(),
  params: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).default([]),
})

const requestBody = z.union([z.object({ queries: z.array(statement) }), statement])

export type NeonStatement = z.infer<typeof statement>

export interface NeonBatch {
  statements: NeonStatement[]
  /** The statement that opens the batch's transaction, with its isolation level and access mode. */
  begin: string
}

/** Either one statement, which commits by itself, or a batch, which is one transaction. */
export type NeonRequest = { kind: 'single'; statement: NeonStatement } | ({ kind: 'batch' } & NeonBatch)

const isolationLevels: Record<string, string> = {
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
  Serializable: 'SERIALIZABLE',
}

/** Reads Neon's request; a string in return says what is wrong with it. */
export function parseNeonRequest(headers: IncomingHttpHeaders, body: unknown): NeonRequest | string {
  const parsed = requestBody.safeParse(body)
  if (!parsed.success) return 'The body must be {"query","params"} or {"queries":[{"query","params"}]}.'
  if (!('queries' in parsed.data)) return { kind: 'single', statement: parsed.data }
  const begin = beginStatement(headers)
  if (begin === undefined) return `There is no isolation level "${String(headers['neon-batch-isolation-level'])}".`
  return { kind: 'batch', statements: parsed.data.queries, begin }
}

function beginStatement(headers: IncomingHttpHeaders): string | undefined {
  const words = ['BEGIN']
  const isolation = headers['neon-batch-isolation-level']
  if (isolation !== undefined) {
    const level = isolationLevels[String(isolation)]
    if (level === undefined) return undefined
    words.push('ISOLATION LEVEL', level)
  }
  if (headers['neon-batch-read-only'] === 'true') words.push('READ ONLY')
  if (headers['neon-batch-deferrable'] === 'true') words.push('DEFERRABLE')
  return words.join(' ')
}
