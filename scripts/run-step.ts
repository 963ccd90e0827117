import { spawn } from 'node:child_process'
import path from 'node:path'

export const root = path.dirname(import.meta.dirname)

export interface Outcome {
  /** 1 when a signal ended it. */
  code: number
  /** What it printed, when it was captured. */
  output: string
}

export interface StepOptions {
  capture?: boolean
  /** Beside those of this process. */
  env?: Record<string, string>
}

/**
 * Runs a command in the project's root. Its output is shown as it comes, or kept for later when `capture` is set, so that
 * commands beside each other do not mix theirs. Ctrl-C reaches it too.
 */
export function runCommand(command: string, args: string[], options: StepOptions = {}): Promise<Outcome> {
  const { capture = false, env = {} } = options
  return new Promise((resolve, reject) => {
    const stream = capture ? 'pipe' : 'inherit'
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', stream, stream],
      env: { ...process.env, ...env },
    })
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const forward = (signal: NodeJS.Signals) => child.kill(signal)
    process.on('SIGINT', forward)
    process.on('SIGTERM', forward)
    child.on('error', reject)
    child.on('close', (code) => {
      process.off('SIGINT', forward)
      process.off('SIGTERM', forward)
      resolve({ code: code ?? 1, output })
    })
  })
}

/** The same for a tool of node_modules, given as `package/path/to/entry.js`: no shell, no npx, no look-up. */
export function runTool(entry: string, args: string[], options?: StepOptions): Promise<Outcome> {
  return runCommand(process.execPath, [path.join(root, 'node_modules', entry), ...args], options)
}
