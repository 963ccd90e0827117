import type { AdminId, ApiKeyId, CustomerId } from '#contracts/ids.ts'
import type { Meter } from './edge-env.ts'

/** The canonical line of a request. A closed list of fields: nothing of a request is logged that is not named here. */
export interface RequestRecord {
  event: 'request'
  request_id: string
  method: string
  /** The route's pattern, never the path itself. */
  route: string | null
  status: number
  duration_ms: number
  customer_id: CustomerId | null
  key_id: ApiKeyId | null
  admin_id: AdminId | null
  error_code: string | null
  database_requests: Meter['database']
  redis_requests: Meter['redis']
  /** What broke, when the answer was INTERNAL_ERROR or SERVICE_UNAVAILABLE. */
  failure?: FailureRecord
}

/** Work after the answer that failed; the customer does not notice. */
export interface BackgroundRecord {
  event: 'background_failed'
  request_id: string
  failure: FailureRecord
}

/** The canonical line of one run of the scheduled jobs. */
export interface ScheduledRecord {
  event: 'scheduled'
  request_id: string
  cron: string
  duration_ms: number
  database_requests: Meter['database']
  jobs: JobRecord[]
}

export interface JobRecord {
  job: string
  duration_ms: number
  /** Rows that it dealt with; null when it failed. */
  done: number | null
  failure?: FailureRecord
}

/** A binding is missing or wrong; names it, never its value. */
export interface MisconfiguredRecord {
  event: 'misconfigured'
  request_id: string
  problem: string
}

export type LogRecord = RequestRecord | BackgroundRecord | ScheduledRecord | MisconfiguredRecord

export type Log = (record: LogRecord) => void

export interface FailureRecord {
  /** Names and codes of the error and its causes, outermost first. */
  errors: string[]
  /** Where it was thrown. */
  stack: string[]
}

/** Describes an error without its messages: those of database drivers hold the statement and its parameters. */
export function describeFailure(error: unknown): FailureRecord {
  const errors: string[] = []
  for (let current = error; current instanceof Error && errors.length < 5; current = current.cause) {
    const { code } = current as { code?: unknown }
    errors.push(typeof code === 'string' ? `${current.name} ${code}` : current.name)
  }
  const frames = error instanceof Error ? (error.stack ?? '').split('\n') : []
  return { errors, stack: frames.filter((line) => /^\s+at /.test(line)).map((line) => line.trim()) }
}
