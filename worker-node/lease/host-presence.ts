import { once } from 'node:events'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, connect, type Server } from 'node:net'
import { hostname } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import type { ServerId } from '#contracts/ids.ts'
import type { Log } from '#worker-node/log.ts'

/**
 * Tells a successor on the same host whether its predecessor is dead. A run listens on a Unix socket in its data folder,
 * its incarnation in a file beside it. The kernel closes the socket when the process ends, however it ends: a connection
 * that is refused proves the death. One that succeeds proves nothing, because the kernel also accepts for a process that
 * is stopped by a signal; then the lease decides.
 */
export interface HostPresence {
  /** The incarnation of the run before on this host when that is surely dead. Never rejects. */
  deadPredecessor(): Promise<string | undefined>
  /** That incarnation's lease was ended: there is nothing more to say of it. */
  forget(incarnation: string): void
  /** This run holds the lease now: listens, unless it does already, and leaves its incarnation. Never rejects. */
  announce(incarnation: string): Promise<void>
  /** This run ends: no successor has to ask. */
  withdraw(): Promise<void>
}

/** sockaddr_un holds 108 bytes on Linux and 104 on macOS, the terminating zero included. */
const longestSocketPath = 103
const connectTimeoutMs = 500

const recordSchema = z.object({ server: z.string(), incarnation: z.string(), host: z.string() })

/** For tests that have no successor. */
export const noPresence: HostPresence = {
  deadPredecessor: async () => undefined,
  forget: () => {},
  announce: async () => {},
  withdraw: async () => {},
}

export function createHostPresence(deps: { dataDir: string; serverId: ServerId; log: Log }): HostPresence {
  const { serverId, log } = deps
  const folder = path.resolve(deps.dataDir)
  const recordFile = path.join(folder, `${serverId}.json`)
  const socket = shortestPath(path.join(folder, `${serverId}.sock`))
  let server: Server | undefined
  let forgotten: string | undefined

  /** The record that a run on this very kernel left. */
  async function readRecord(): Promise<string | undefined> {
    try {
      const record = recordSchema.parse(JSON.parse(await readFile(recordFile, 'utf8')))
      return record.server === serverId && record.host === (await hostMark()) ? record.incarnation : undefined
    } catch {
      return undefined
    }
  }

  async function listen(): Promise<void> {
    if (server !== undefined || socket === undefined) return
    await rm(socket, { force: true })
    const opened = createServer((connection) => connection.destroy())
    opened.unref()
    opened.listen(socket)
    await once(opened, 'listening')
    opened.on('error', () => {})
    server = opened
  }

  return {
    async deadPredecessor() {
      if (socket === undefined || server !== undefined) return undefined
      // In this order: a run listens before it leaves its record, so the one that is read here listened on this socket.
      const incarnation = await readRecord()
      if (incarnation === undefined || incarnation === forgotten) return undefined
      return (await isRefused(socket)) ? incarnation : undefined
    },
    forget(incarnation) {
      forgotten = incarnation
    },
    async announce(incarnation) {
      if (socket === undefined) {
        log.warn('DATA_DIR is too long for a Unix socket: a successor on this host waits for the end of the lease.')
        return
      }
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await listen()
        const record = { server: serverId, incarnation, host: await hostMark() }
        await writeFile(`${recordFile}.new`, JSON.stringify(record), { mode: 0o600 })
        await rename(`${recordFile}.new`, recordFile)
      } catch (error) {
        log.warn('The data folder cannot be used: a successor on this host waits for the end of the lease.', { error })
      }
    },
    async withdraw() {
      if (server === undefined) return
      const closing = server
      server = undefined
      // Closing unlinks the socket.
      await new Promise((resolve) => closing.close(resolve))
      await rm(recordFile, { force: true })
    },
  }
}

/** Whether nobody listens on a socket that is there. */
function isRefused(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket)
    const answer = (refused: boolean) => {
      clearTimeout(timer)
      connection.destroy()
      resolve(refused)
    }
    const timer = setTimeout(answer, connectTimeoutMs, false)
    connection.on('connect', () => answer(false))
    connection.on('error', (error: NodeJS.ErrnoException) => answer(error.code === 'ECONNREFUSED'))
  })
}

/** Absolute, or relative to where the process runs if only that is short enough; undefined when neither is. */
function shortestPath(absolute: string): string | undefined {
  return [absolute, path.relative(process.cwd(), absolute)].find((one) => Buffer.byteLength(one) <= longestSocketPath)
}

/**
 * This boot of this kernel: on a folder that several hosts share, a refused connection says nothing about a process on
 * another host.
 */
async function hostMark(): Promise<string> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  } catch {
    return hostname()
  }
}
