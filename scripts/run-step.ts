import { spawn } from 'node:child_process'
import path from 'node:path'

export const root = path.dirname(import.meta.dirname)

/** Runs a command in the project's root with its output shown; resolves to its exit code (1 when killed by a signal). */
export function runCommand(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env })
    const forward = (signal: NodeJS.Signals) => child.kill(signal)
    process.on('SIGINT', forward)
    process.on('SIGTERM', forward)
    child.on('error', reject)
    child.on('close', (code) => {
      process.off('SIGINT', forward)
      process.off('SIGTERM', forward)
      resolve(code ?? 1)
    })
  })
}

/** The same for a tool of node_modules, given as `package/path/to/entry.js`: no shell, no npx, no look-up. */
export function runTool(entry: string, args: string[]): Promise<number> {
  return runCommand(process.execPath, [path.join(root, 'node_modules', entry), ...args])
}
