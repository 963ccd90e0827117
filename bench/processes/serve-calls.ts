import { connectCalls, type Channel } from './calls.ts'

/** Answers the parent's calls until the parent goes, however it goes; then this process ends. Returns the parent's calls. */
export function serveCalls<Theirs extends object>(ours: object): Theirs {
  process.on('disconnect', () => process.exit())
  // Ctrl-C reaches the whole group; the parent decides when to end.
  process.on('SIGINT', () => undefined)
  return connectCalls<Theirs>(process as Channel, ours).theirs
}
