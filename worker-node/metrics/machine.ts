import { readFile, statfs } from 'node:fs/promises'
import os from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { MachineSample } from '#core/ports/server-metrics.ts'

/** What the machine and this process do, measured from one call to the next. */
export interface Machine {
  measure(): Promise<Omit<MachineSample, 'sessions'>>
  close(): void
}

/** How often the event loop is looked at; what it is late beyond that is its lag. */
const lagResolutionMs = 20

/** Linux tells everything; elsewhere what is not told is null. `dataDir` is where disk space counts. */
export function openMachine(dataDir: string): Machine {
  const delay = monitorEventLoopDelay({ resolution: lagResolutionMs })
  delay.enable()
  let cpuBefore = cpuTimes()
  // Until the first measure there is nothing that it could be compared with.
  let networkBefore: Traffic | undefined

  return {
    async measure() {
      const [disk, network] = await Promise.all([usedShareOf(dataDir), readTraffic()])
      const cpuNow = cpuTimes()
      const total = cpuNow.total - cpuBefore.total
      const cpu = total === 0 ? null : (cpuNow.busy - cpuBefore.busy) / total
      const since = (name: keyof Traffic) =>
        network === undefined || networkBefore === undefined ? null : Math.max(0, network[name] - networkBefore[name])
      const sample = {
        cpu,
        memory: 1 - os.freemem() / os.totalmem(),
        disk,
        networkIn: since('in'),
        networkOut: since('out'),
        eventLoopLagMs: delay.count === 0 ? null : Math.max(0, delay.percentile(99) / 1e6 - lagResolutionMs),
      }
      delay.reset()
      cpuBefore = cpuNow
      networkBefore = network
      return sample
    },
    close: () => void delay.disable(),
  }
}

function cpuTimes(): { busy: number; total: number } {
  let busy = 0
  let total = 0
  for (const { times } of os.cpus()) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq
    total += all
    busy += all - times.idle
  }
  return { busy, total }
}

async function usedShareOf(dataDir: string): Promise<number | null> {
  try {
    const { blocks, bavail } = await statfs(dataDir)
    return blocks === 0 ? null : 1 - bavail / blocks
  } catch {
    return null
  }
}

interface Traffic {
  in: number
  out: number
}

async function readTraffic(): Promise<Traffic | undefined> {
  try {
    return trafficOf(await readFile('/proc/net/dev', 'utf8'))
  } catch {
    return undefined
  }
}

/** Bytes of all interfaces but the loopback, as Linux counts them since it started. */
export function trafficOf(table: string): Traffic {
  const sum = { in: 0, out: 0 }
  for (const line of table.split('\n')) {
    const [, name, counts] = /^\s*([^:\s]+):\s*(.+)$/.exec(line) ?? []
    if (name === undefined || counts === undefined || name === 'lo') continue
    const numbers = counts.trim().split(/\s+/).map(Number)
    sum.in += numbers[0] ?? 0
    sum.out += numbers[8] ?? 0
  }
  return sum
}
