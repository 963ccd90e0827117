import { spawn } from 'node:child_process'
import { UserError } from '#local/user-error.ts'

export interface Program {
  /** Ends the program and all that it started. */
  signal?: AbortSignal | undefined
  env?: Record<string, string> | undefined
  cwd?: string | undefined
  /** Its standard input. */
  input?: string | undefined
}

export interface Finished {
  ok: boolean
  /** What it printed on both streams. */
  output: string
}

/**
 * Runs a program to its end. It has a process group of its own, so that Ctrl-C reaches this process alone: what was made is
 * taken away by programs too, and they must not be interrupted.
 */
export function tryProgram(argv: readonly string[], options: Program = {}): Promise<Finished> {
  const { signal, env, cwd, input } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(reasonOf(signal))
    const child = spawn(argv[0]!, argv.slice(1), {
      cwd,
      detached: true,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stdin?.on('error', () => {}).end(input)
    const end = () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }
    signal?.addEventListener('abort', end, { once: true })
    child.on('error', reject)
    child.on('close', (code) => {
      signal?.removeEventListener('abort', end)
      if (signal?.aborted === true) return reject(reasonOf(signal))
      resolve({ ok: code === 0, output })
    })
  })
}

/** The same for one that has to succeed. Returns what it printed; throws UserError with the last of it. */
export async function runProgram(argv: readonly string[], options?: Program): Promise<string> {
  const { ok, output } = await tryProgram(argv, options)
  if (ok) return output
  throw new UserError(`\`${argv.join(' ')}\` failed:\n${output.trim().split('\n').slice(-20).join('\n')}`)
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason as Error
}
