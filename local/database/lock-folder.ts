import { readFile, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { UserError } from '#local/user-error.ts'

const holderSchema = z.object({ pid: z.number().int(), port: z.number().int() })
type Holder = z.infer<typeof holderSchema>

/**
 * Keeps a second process off a database folder, by a file beside it that names the holder's process and port.
 * After a crash the file stays; it counts only while that process lives and that port answers, as process ids come round.
 * @returns what removes the lock; throws one sentence when the folder is in use.
 */
export async function lockFolder(folder: string, port: number): Promise<() => Promise<void>> {
  const file = `${folder}.lock`
  const mine = JSON.stringify({ pid: process.pid, port })
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      await writeFile(file, mine, { flag: 'wx' })
      return () => rm(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = await readHolder(file)
    if (holder && (await isAlive(holder))) {
      throw new UserError(`The database folder ${folder} is in use by process ${holder.pid}; stop that one first.`)
    }
    await rm(file, { force: true })
  }
  throw new UserError(`The lock ${file} keeps coming back; another process is starting on the same folder.`)
}

async function readHolder(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

async function isAlive({ pid, port }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const socket = connect(port, '127.0.0.1')
  try {
    await Promise.race([once(socket, 'connect'), delay(1_000, undefined, { ref: false }).then(() => Promise.reject())])
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
