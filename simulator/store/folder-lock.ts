import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const FILE_NAME = 'lock'

/**
 * Keeps two simulators out of one folder. The lock names a process and when it began, so one that a killed simulator left
 * behind is void, even when another process has its number by now.
 *
 * @returns what gives the folder free
 * @throws Error when a living process holds it
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, FILE_NAME)
  const mine = nameOf(process.pid)
  try {
    writeFileSync(file, mine, { flag: 'wx' })
  } catch {
    const holder = readFileSync(file, 'utf8')
    const processId = Number.parseInt(holder, 10)
    if (isAlive(processId) && nameOf(processId) === holder) {
      throw new Error(`Process ${processId} is using ${folder} already: stop it, or choose another folder.`)
    }
    writeFileSync(file, mine)
  }
  return () => rmSync(file, { force: true })
}

function isAlive(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The process' number, and on Linux its start in clock ticks since boot: the 20th field after its name. */
function nameOf(processId: number): string {
  try {
    const status = readFileSync(`/proc/${processId}/stat`, 'utf8')
    return `${processId} ${status.slice(status.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return `${processId}`
  }
}
