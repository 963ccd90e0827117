import { Session } from 'node:inspector/promises'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Cost, MemoryUse } from './subject-calls.ts'

/** Receipts and events that follow the last ack belong to what is measured. */
const afterglowMs = 100
/** V8 gives memory back a little after it collected. */
const giveBackMs = 200

/** Takes the CPU that this process uses from `start` to `stop`, and a profile of it when there is a folder for it. */
export interface Meter {
  start(): Promise<void>
  stop(): Promise<Cost>
}

export function createMeter(profileFolder: string | undefined): Meter {
  const profiler = profileFolder === undefined ? undefined : createProfiler(profileFolder)
  let cpu = process.cpuUsage()
  let startedAt = 0
  return {
    async start() {
      collectGarbage()
      await profiler?.start()
      startedAt = performance.now()
      cpu = process.cpuUsage()
    },
    async stop() {
      const wallMs = performance.now() - startedAt
      await delay(afterglowMs)
      const { user, system } = process.cpuUsage(cpu)
      await profiler?.stop()
      return { cpuMs: (user + system) / 1000, wallMs }
    },
  }
}

/** Resident memory when everything that is garbage has been given back. */
export async function measureMemory(): Promise<MemoryUse> {
  for (let pass = 0; pass < 3; pass++) {
    collectGarbage()
    await delay(giveBackMs)
  }
  return { rssMb: process.memoryUsage.rss() / 1e6, peakMb: (process.resourceUsage().maxRSS * 1024) / 1e6 }
}

export function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('A measured process must be started with --expose-gc.')
  globalThis.gc()
}

function createProfiler(folder: string): { start(): Promise<void>; stop(): Promise<void> } {
  const inspector = new Session()
  inspector.connect()
  let count = 0
  return {
    async start() {
      await inspector.post('Profiler.enable')
      await inspector.post('Profiler.start')
    },
    async stop() {
      const { profile } = await inspector.post('Profiler.stop')
      const entry = path.basename(process.argv[1] ?? 'process', '.ts')
      await writeFile(path.join(folder, `${entry}-${process.pid}-${++count}.cpuprofile`), JSON.stringify(profile))
    },
  }
}
