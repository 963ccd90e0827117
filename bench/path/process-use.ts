import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Kernel ticks per second in /proc: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

/** User and system time of another process since its start, in milliseconds; in steps of 10 ms on Linux, coarser elsewhere. */
export async function cpuMsOf(pid: number): Promise<number> {
  if (process.platform !== 'linux') return parseElapsed(await ps('cputime', pid))
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The second field is the program's name in brackets and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
}

/** Milliseconds on a core by process id; NaN for a process that is none of this machine. */
export type CpuByProcess = ReadonlyMap<number, number>

export async function cpuMsOfEach(pids: readonly number[]): Promise<CpuByProcess> {
  const each = pids.map(async (pid) => [pid, await fineCpuMsOf(pid).catch(() => Number.NaN)] as const)
  return new Map(await Promise.all(each))
}

/**
 * What the processes used between two looks. One that began in between counts whole; what one that ended used after the first
 * look is seen by nobody and left out.
 */
export function cpuMsBetween(before: CpuByProcess, after: CpuByProcess): number {
  return [...after].reduce((sum, [pid, cpuMs]) => sum + cpuMs - (before.get(pid) ?? 0), 0)
}

/** Of a process with one thread, to the nanosecond where Linux counts it: a run of few messages uses less than a tick. */
async function fineCpuMsOf(pid: number): Promise<number> {
  const counted = await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => undefined)
  return counted === undefined ? cpuMsOf(pid) : Number(counted.split(' ')[0]) / 1e6
}

/** Resident memory of another process, in megabytes (10^6 bytes). */
export async function rssMbOf(pid: number): Promise<number> {
  return (Number(await ps('rss', pid)) * 1024) / 1e6
}

/** The workerd that this process started last. */
export async function newestWorkerd(parent: number): Promise<number> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args='])
  const pids = stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => Number(match?.[2]) === parent && match?.[3]?.includes('workerd serve'))
    .map((match) => Number(match?.[1]))
  const newest = Math.max(...pids)
  if (!Number.isFinite(newest)) throw new Error('workerd does not run.')
  return newest
}

async function ps(field: string, pid: number): Promise<string> {
  const { stdout } = await run('ps', ['-o', `${field}=`, '-p', String(pid)])
  return stdout.trim()
}

/** `[[dd-]hh:]mm:ss[.cc]` as `ps` prints it. */
function parseElapsed(text: string): number {
  const [days, clock] = text.includes('-') ? text.split('-') : ['0', text]
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return (Number(days) * 86_400 + seconds) * 1000
}
