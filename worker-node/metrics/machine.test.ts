import os from 'node:os'
import { expect, it } from 'vitest'
import { waitFor } from '#local/testing/wait-for.ts'
import { openMachine, trafficOf } from './machine.ts'

it('measures shares of the machine and how late the event loop was', async () => {
  const machine = openMachine(os.tmpdir())
  try {
    // Processors are counted in hundredths of a second: nothing has passed until they have.
    const measured = async () => {
      const sample = await machine.measure()
      return sample.cpu !== null && sample.eventLoopLagMs !== null ? sample : undefined
    }
    // Each look begins to measure anew, and two of its own looks (20 ms) tell the first lag.
    const sample = await waitFor(measured, { what: 'a sample of everything', intervalMs: 200, timeoutMs: 30_000 })
    for (const share of [sample.cpu, sample.memory, sample.disk]) {
      expect(share).toBeGreaterThanOrEqual(0)
      expect(share).toBeLessThanOrEqual(1)
    }
    expect(sample.eventLoopLagMs).toBeGreaterThanOrEqual(0)
  } finally {
    machine.close()
  }
})

it('does not know the disk of a folder that is not there', async () => {
  const machine = openMachine('/nowhere/at/all')
  expect(await machine.measure()).toMatchObject({ disk: null, networkIn: null, networkOut: null })
  machine.close()
})

it('adds up the bytes of all interfaces but the loopback', () => {
  const table = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 9999999    1    0    0    0     0          0         0  9999999    1    0    0    0     0       0          0
  eth0: 1000       2    0    0    0     0          0         0     2000    3    0    0    0     0       0          0
ens4:5000000000    2    0    0    0     0          0         0       50    3    0    0    0     0       0          0
`
  expect(trafficOf(table)).toEqual({ in: 5_000_001_000, out: 2_050 })
})
