import assert from 'node:assert/strict'
import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { waitFor } from '#local/testing/wait-for.ts'

/** What an operator types in other shells, run as programs of their own, without npm before them. */

const bin = path.join(path.dirname(import.meta.dirname), 'bin')
const node = (file: string, args: readonly string[]) => ['--import', 'tsx', path.join(bin, file), ...args]
const startTimeoutMs = 30_000

/** `npm run admin:create`. Returns the password that it prints. */
export async function runAdminCreate(dataDir: string, email: string): Promise<string> {
  const { DATABASE_URL: _other, ...env } = process.env
  const args = node('create-admin.ts', ['--email', email, '--data', dataDir])
  const { stdout } = await promisify(execFile)(process.execPath, args, { env })
  const password = /^ {2}(\S+)$/m.exec(stdout)?.[1]
  assert(password, 'It prints the password once.')
  return password
}

export interface EnrolledWorker {
  stop(): Promise<void>
}

/** The command that the API printed for a new server, until its worker takes instances. */
export async function runPrintedCommand(command: string, dataDir: string): Promise<EnrolledWorker> {
  const [program, args] = command.split(' -- ')
  assert.equal(program, 'npm run worker:local')
  const child = spawn(process.execPath, node('enrolled-worker.ts', args?.split(' ') ?? []), {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], WHARF_DATA: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = outputOf(child)
  try {
    await waitFor(
      () => {
        if (hasEnded(child)) return true
        return output().includes('It takes instances.')
      },
      { what: 'the worker to take instances', timeoutMs: startTimeoutMs, intervalMs: 50 },
    )
    assert(!hasEnded(child), `The worker ended at its start: ${output()}`)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return {
    async stop() {
      if (hasEnded(child)) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

function outputOf(child: ChildProcessByStdio<null, Readable, Readable>): () => string {
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
  }
  return () => printed
}

function hasEnded({ exitCode, signalCode }: ChildProcessByStdio<null, Readable, Readable>): boolean {
  return exitCode !== null || signalCode !== null
}
