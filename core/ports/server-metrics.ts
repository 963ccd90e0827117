import type { ServerId } from '#contracts/ids.ts'
import type { MessageCounts } from './service-metrics.ts'

/** What a worker measures of its machine and of itself. Shares are 0 to 1; null is what the system does not tell. */
export interface MachineSample {
  /** Of all processors together, since the sample before. */
  cpu: number | null
  memory: number | null
  /** Of the file system of its data. */
  disk: number | null
  /** Bytes since the sample before. */
  networkIn: number | null
  networkOut: number | null
  /** 99 times of 100 the event loop was late by less. */
  eventLoopLagMs: number | null
  /** Connected to WhatsApp. */
  sessions: number | null
}

/** Where a worker leaves its samples. */
export interface ServerSamples {
  /** Adds to the minute that goes on, if this run holds the lease: bytes add up, of the rest the newest stays. */
  record(serverId: ServerId, incarnation: string, sample: MachineSample): Promise<void>
}

/** A bucket of a series: means of shares and sessions, sums of counts and bytes, the worst lag. */
export interface ServerMetricsPoint extends MachineSample, MessageCounts {
  at: Date
}

/** How a server did, for operators. */
export interface ServerMetrics {
  /** Adds minutes to their hours: those of the newest hours again, which may have got more. Returns how many hours changed. */
  rollUpHours(): Promise<number>
  /**
   * A series of the last `rangeMs` in buckets of `bucketMs`, oldest first, without gaps; the newest bucket is not over.
   * Buckets of an hour or more come from hours. Undefined: no such server.
   */
  series(serverId: ServerId, span: { rangeMs: number; bucketMs: number }): Promise<ServerMetricsPoint[] | undefined>
}
