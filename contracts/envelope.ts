import { z } from 'zod'
import { errorCodeSchema, type ApiError } from './errors.ts'

/** Schema of a successful answer around `data`. */
export function successSchema<T extends z.ZodType>(data: T) {
  return z.object({ success: z.literal(true), data })
}

/** Schema of one page of a list that is read by an opaque cursor; `next_cursor` is null on the last page. */
export function cursorListSchema<T extends z.ZodType>(item: T) {
  return z.object({
    success: z.literal(true),
    data: z.array(item),
    meta: z.object({ next_cursor: z.string().nullable().describe('Pass it as `cursor`; null on the last page.') }),
  })
}

/** Schema of one page of a table that is read by page number. */
export function tableSchema<T extends z.ZodType>(row: T) {
  return z.object({
    success: z.literal(true),
    data: z.array(row),
    meta: z.object({
      total: z.number().int().describe('Rows on all pages.'),
      page: z.number().int(),
      per_page: z.number().int(),
    }),
  })
}

export const failureSchema = z
  .object({
    success: z.literal(false),
    error: z.object({
      code: errorCodeSchema,
      message: z.string().describe('One sentence for people; it may be reworded.'),
      details: z.record(z.string(), z.string()).describe('Field path to what is wrong with it.'),
      retry_after: z.number().int().positive().optional().describe('Seconds; repeats the header `Retry-After`.'),
      request_id: z.string().describe('Finds the request in the logs of the service.'),
    }),
  })
  .meta({ id: 'Failure' })
export type Failure = z.infer<typeof failureSchema>

export function success<T>(data: T): { success: true; data: T } {
  return { success: true, data }
}

export function cursorList<T>(data: T[], nextCursor: string | null) {
  return { success: true as const, data, meta: { next_cursor: nextCursor } }
}

export function table<T>(data: T[], meta: { total: number; page: number; perPage: number }) {
  return { success: true as const, data, meta: { total: meta.total, page: meta.page, per_page: meta.perPage } }
}

export function failure(error: ApiError, requestId: string): Failure {
  return {
    success: false,
    error: {
      code: error.code,
      message: error.message,
      details: error.details,
      ...(error.retryAfterSeconds === undefined ? {} : { retry_after: error.retryAfterSeconds }),
      request_id: requestId,
    },
  }
}
