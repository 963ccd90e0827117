/** A simple string ("OK", "PONG"): Lua sees it as a table, the wire marks it, REST shows its text. */
export interface RedisStatus {
  status: string
}

export type RedisReply = string | number | null | RedisStatus | RedisReply[]

/** An error that Redis answers; its message begins with the code ("ERR", "WRONGTYPE", "NOSCRIPT"). */
export class RedisError extends Error {}

/** What stands behind the REST endpoint: the in-memory engine or a real Redis. */
export interface RedisBackend {
  /** Runs one command; throws RedisError when Redis refuses it. */
  run(command: string[]): Promise<RedisReply>
  /** Runs all of them with nothing in between; an error inside takes its place in the list. Throws when one cannot even be queued. */
  runAtomically(commands: string[][]): Promise<(RedisReply | RedisError)[]>
  close(): Promise<void>
}
