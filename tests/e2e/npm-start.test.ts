import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { waitFor } from '#local/testing/wait-for.ts'

const root = path.dirname(path.dirname(import.meta.dirname))
const startTimeoutMs = 60_000

/** `npm start` in a process group of its own, as a terminal would run it. */
interface Run {
  child: ChildProcess
  output(): string
  /** Resolves when the output contains the text. */
  says(text: string): Promise<string>
  /** Ctrl-C: a terminal signals the whole group. Resolves when no process of it is left. */
  interrupt(): Promise<void>
}

const runs: Run[] = []
let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'wharf-start-'))
})
afterEach(async () => {
  for (const { child } of runs.splice(0)) killGroup(child, 'SIGKILL')
  await rm(dataDir, { recursive: true, force: true })
})

function npmStart(...args: string[]): Run {
  const child = spawn('npm', ['start', '--silent', '--', '--data', dataDir, ...args], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const run: Run = {
    child,
    output: () => output,
    says: (text) =>
      waitFor(
        () => {
          if (child.exitCode !== null && !output.includes(text)) throw new Error(`npm start ended: ${output}`)
          return output.includes(text) ? output : undefined
        },
        { what: `npm start to say "${text}"`, timeoutMs: startTimeoutMs, intervalMs: 50 },
      ),
    async interrupt() {
      killGroup(child, 'SIGINT')
      await groupGone(child.pid!)
    },
  }
  runs.push(run)
  return run
}

/** `npm run admin:create` in another shell; what it printed. */
async function createAdmin(...args: string[]): Promise<string> {
  const { DATABASE_URL: _none, ...env } = process.env
  const run = promisify(execFile)('npm', ['run', '--silent', 'admin:create', '--', '--data', dataDir, ...args], {
    cwd: root,
    env,
  })
  return (await run).stdout
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Ids of the living processes of a group whose command line matches. */
async function groupMembers(group: number, command = /./): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,pgid=,stat=,args='])
  return stdout
    .trim()
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((match) => Number(match?.[2]) === group && !match?.[3]?.startsWith('Z') && command.test(match?.[4] ?? ''))
    .map((match) => Number(match?.[1]))
}

async function groupGone(group: number): Promise<void> {
  await waitFor(async () => (await groupMembers(group)).length === 0, {
    what: 'every process of the stack to be gone',
    timeoutMs: 20_000,
    intervalMs: 100,
  })
}

async function runPrintedCurl(output: string): Promise<{ success: boolean; data: { status: string } }> {
  const curl = output.split('\n').find((line) => line.startsWith('curl '))
  const { stdout } = await promisify(execFile)('bash', ['-c', curl!])
  return JSON.parse(stdout) as { success: boolean; data: { status: string } }
}

test('npm start prints a curl that reaches a phone, Ctrl-C leaves no process, and the next start needs no pairing', async () => {
  const first = npmStart()
  const invitation = await first.says('Ctrl-C stops everything.')
  expect(invitation).toContain('made, and paired with a virtual phone')

  expect(await runPrintedCurl(invitation)).toMatchObject({ success: true, data: { status: 'queued' } })
  const pages = await fetch(/The dashboard\s+(\S+)/.exec(invitation)![1]!)
  expect(await pages.text()).toContain('<div id="root">')
  expect(pages.headers.get('content-security-policy')).toContain("script-src 'self'")
  const phone = await fetch(/Virtual phones\s+(\S+)/.exec(invitation)![1]!)
  expect(await phone.text()).toContain('<title>Virtual phones')
  await first.says('shows: Hello from Wharf')
  await first.says(': You wrote: Hello from Wharf')
  expect(first.output()).toMatch(/The sink verified webhook message\.received evt_\w+: You wrote: Hello from Wharf/)
  expect(first.output()).not.toContain('refused webhook')

  const made = await createAdmin('--email', 'Ana@Example.com', '--role', 'viewer')
  expect(made).toContain('Made the viewer ana@example.com.')
  expect(await runPrintedCurl(made)).toMatchObject({ data: { admin: { email: 'ana@example.com', role: 'viewer' } } })
  await expect(createAdmin('--email', 'ana@example.com')).rejects.toThrow(/There is an admin with the address/)

  const group = first.child.pid!
  expect((await groupMembers(group)).length).toBeGreaterThan(2)
  await first.interrupt()
  expect(first.output()).toContain('Stopped.')
  await expect(createAdmin('--email', 'bia@example.com')).rejects.toThrow(/no local stack runs here/)

  const second = npmStart()
  const again = await second.says('Ctrl-C stops everything.')
  expect(again).toContain('found; the instance reconnected by itself')
  expect(await runPrintedCurl(again)).toMatchObject({ success: true })
  await second.says(': You wrote: Hello from Wharf')
  await second.interrupt()
  expect(second.output()).toContain('Stopped.')
})

test('a supervisor that is killed takes every process of the stack with it', async () => {
  const run = npmStart()
  await run.says('Ctrl-C stops everything.')
  const group = run.child.pid!
  const [supervisor] = await groupMembers(group, /^node .*with-install/)
  process.kill(supervisor!, 'SIGKILL')
  await groupGone(group)
})

test('a taken port, an unknown option and a wrong variable are one sentence each', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as { port: number }
  try {
    const taken = npmStart('--port', String(port))
    await once(taken.child, 'exit')
    expect(taken.output()).toContain(`port ${port}`)
    expect(taken.output()).toContain('in use')
    expect(taken.output()).not.toMatch(/\n\s+at /)
  } finally {
    holder.close()
  }
  const unknown = npmStart('--prot', '1')
  await once(unknown.child, 'exit')
  expect(unknown.output()).toContain("Unknown option '--prot'")
  expect(unknown.output()).toContain('--port N')

  const noNumber = npmStart('--port', 'http')
  await once(noNumber.child, 'exit')
  expect(noNumber.output()).toContain('is not a port number')
})
