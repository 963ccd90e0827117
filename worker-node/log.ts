import { destination, pino, type DestinationStream } from 'pino'
import { logFields, type LogFields } from './log-fields.ts'

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/**
 * JSON lines of the worker. What is logged is a fixed sentence and fields from an allow-list: a message text, a key or a
 * whole phone number cannot get into a line, whatever a caller passes.
 */
export interface Log {
  error(sentence: string, fields?: LogFields): void
  warn(sentence: string, fields?: LogFields): void
  info(sentence: string, fields?: LogFields): void
  debug(sentence: string, fields?: LogFields): void
}

/** Writes to standard output unless told otherwise. */
export function createLog(level: LogLevel, to: DestinationStream = destination(1)): Log {
  const lines = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' }, to)
  return {
    error: (sentence, fields) => lines.error(logFields(fields), sentence),
    warn: (sentence, fields) => lines.warn(logFields(fields), sentence),
    info: (sentence, fields) => lines.info(logFields(fields), sentence),
    debug: (sentence, fields) => lines.debug(logFields(fields), sentence),
  }
}

/** For tests. */
export const silentLog: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }
