import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, closeSync } from 'node:fs'
import path from 'node:path'
import type { ServerId } from '#contracts/ids.ts'
import { UserError } from '#local/user-error.ts'

export interface WorkerProcessOptions {
  serverId: ServerId
  /** Environment of the process; nothing of the supervisor's own but PATH and HOME is passed on beside it. */
  env: Record<string, string>
  logFile: string
  /** Entry file; the local stack's worker unless told. */
  entry?: string | undefined
  /** Options of Node beside those that the entry file needs. */
  execArgv?: readonly string[] | undefined
  /** Told of ends that nobody asked for, and of starts after them. */
  log: (line: string) => void
}

/** One worker as a process of its own, started again when it ends by itself. */
export interface WorkerProcess {
  readonly serverId: ServerId
  /** Process id of the run that is alive now. */
  pid(): number | undefined
  /** Sends a signal to the run that is alive now; with SIGKILL the next run starts by itself unless it is held down. */
  kill(signal: NodeJS.Signals): void
  /** From now on a run that ends is followed by none, until `release`, which starts one if none is alive. */
  holdDown(): void
  release(): void
  /** Tells the run that is alive now; only entry files of tests listen. */
  send(message: object): void
  /** Told what any run of this worker says after it was ready. */
  onMessage(listener: (message: unknown) => void): void
  /**
   * Ends it gracefully, by force after 35 s, and does not start it again. A worker takes up to 30 s to hand its instances
   * over while others take them; when all are stopped together nobody does, and none of them waits.
   */
  stop(): Promise<void>
}

const localEntry = path.join(path.dirname(import.meta.dirname), 'bin', 'local-worker.ts')
const gracefulStopMs = 35_000
const restartAfterMs = 500

/** Starts a worker process and resolves when it says that it is ready; rejects when its first run ends before that. */
export async function startWorkerProcess(options: WorkerProcessOptions): Promise<WorkerProcess> {
  const listeners: ((message: unknown) => void)[] = []
  let child = spawnWorker(options)
  let stopping = false
  let heldDown = false
  let restart: NodeJS.Timeout | undefined

  const startAgain = () => {
    restart = undefined
    child = spawnWorker(options)
    watch(child)
  }
  const watch = (run: ChildProcess) => {
    run.on('message', (message) => {
      for (const listener of listeners) listener(message)
    })
    run.once('exit', (code, signal) => {
      if (stopping) return
      const next = heldDown ? 'it stays down' : 'starting it again'
      options.log(`Worker ${options.serverId} ended (${signal ?? `code ${code}`}); ${next}.`)
      if (!heldDown) restart = setTimeout(startAgain, restartAfterMs)
    })
  }
  const ended = () => child.exitCode !== null || child.signalCode !== null

  await ready(child, options)
  watch(child)
  return {
    serverId: options.serverId,
    pid: () => child.pid,
    kill: (signal) => {
      child.kill(signal)
    },
    holdDown() {
      heldDown = true
      clearTimeout(restart)
      restart = undefined
    },
    release() {
      heldDown = false
      if (!stopping && restart === undefined && ended()) startAgain()
    },
    send: (message) => {
      if (child.connected) child.send(message)
    },
    onMessage: (listener) => {
      listeners.push(listener)
    },
    async stop() {
      stopping = true
      clearTimeout(restart)
      if (ended()) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), gracefulStopMs)
      await gone
      clearTimeout(force)
    },
  }
}

function spawnWorker({ env, logFile, entry = localEntry, execArgv = [] }: WorkerProcessOptions): ChildProcess {
  mkdirSync(path.dirname(logFile), { recursive: true })
  const log = openSync(logFile, 'a', 0o600)
  try {
    // The IPC channel doubles as a life line: the worker ends when it closes, so that a killed supervisor leaves none.
    return fork(entry, [], {
      execArgv: ['--import', 'tsx', ...execArgv],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', log, log, 'ipc'],
    })
  } finally {
    closeSync(log)
  }
}

async function ready(child: ChildProcess, { serverId, logFile }: WorkerProcessOptions): Promise<void> {
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new UserError(`Worker ${serverId} ended at its start (${signal ?? `code ${code}`}); ${logFile} says why.`)
  })
  await Promise.race([once(child, 'message'), ended])
  ended.catch(() => {})
}
