import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { connectCalls, type Channel } from './calls.ts'

export interface StartedProcess<Calls> {
  calls: Calls
  /** Ends it and resolves when it has ended. */
  stop: () => Promise<void>
}

const keptErrorCharacters = 2_000

/** Starts an entry file as a process of its own, with garbage collection on demand. `ours` is what it may call. */
export function startProcess<Calls extends object>(entry: URL, ours: object = {}): StartedProcess<Calls> {
  const child = fork(fileURLToPath(entry), [], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const { theirs, fail } = connectCalls<Calls>(child as Channel, ours)
  let lastWords = ''
  child.stderr?.on('data', (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-keptErrorCharacters)))
  const ended = once(child, 'exit').then(() => {
    fail(new Error(`The process of ${entry.pathname.split('/').at(-1)} has ended. ${lastWords.trim()}`))
  })
  return {
    calls: theirs,
    async stop() {
      // It may not have come as far as to listen.
      child.kill('SIGKILL')
      await ended
    },
  }
}
