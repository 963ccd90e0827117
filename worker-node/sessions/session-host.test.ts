import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { InstanceId } from '#contracts/ids.ts'
import { PairingRefused } from '#core/ports/driver.ts'
import { createHostBench, type HostBench } from '#worker-node/testing/host-bench.ts'
import { scriptedAccount } from '#worker-node/testing/scripted-driver.ts'

let bench: HostBench

beforeEach(async () => {
  vi.useFakeTimers()
  bench = await createHostBench()
})

afterEach(async () => {
  await bench.host.stop()
  vi.useRealTimers()
})

/** Lets everything happen that is due now, and in the next `ms`. */
const pass = (ms = 20) => vi.advanceTimersByTimeAsync(ms)

async function started(values?: Parameters<HostBench['addInstance']>[0]): Promise<InstanceId> {
  const id = await bench.addInstance(values)
  bench.host.start()
  await pass()
  return id
}

async function connected(): Promise<InstanceId> {
  const id = await started({ state: 'disconnected', reason: 'moved', phoneNumber: '+5511999990001' })
  bench.driver.newest(id).open()
  await pass()
  return id
}

describe('an instance that is placed here and wanted', () => {
  it('is acquired under a new epoch and started', async () => {
    const id = await started()
    expect(bench.lease(id)).toMatchObject({ epoch: 2, ownerIncarnation: 'run-1' })
    expect(bench.driver.newest(id).fence).toEqual({ instanceId: id, epoch: 2, incarnation: 'run-1' })
    expect(bench.history(id)).toEqual(['starting'])
  })

  it('pairs: QR code, paired, restart, connected', async () => {
    const id = await started()
    const first = bench.driver.newest(id)
    first.tell.onQr('qr-text', new Date('2026-03-01T12:00:00Z'))
    expect(await bench.host.session(id)?.qr()).toEqual({ qr: 'qr-text', expires_at: '2026-03-01T12:00:00.000Z' })
    first.tell.onPaired(scriptedAccount)
    first.end('restart-required')
    await pass()
    bench.driver.newest(id).open()
    await pass()
    expect(bench.driver.connections).toHaveLength(2)
    expect(bench.history(id)).toEqual([
      'starting',
      'pairing',
      'connecting',
      'connecting/wa-restart-required',
      'connected',
    ])
    expect(bench.instance(id)).toMatchObject({ phoneNumber: '+5511999990001', lid: scriptedAccount.lid })
    expect(bench.told).toEqual([`connected ${id}`])
  })

  it('tells every QR code that it shows, after the state, and its text to nobody else', async () => {
    const lines: string[] = []
    const line = (...words: unknown[]) => void lines.push(JSON.stringify(words))
    bench = await createHostBench({ log: { error: line, warn: line, info: line, debug: line } })
    const id = await started()
    for (const qr of ['2@one', '2@two']) bench.driver.newest(id).tell.onQr(qr, new Date('2026-03-01T12:00:00Z'))
    await pass()
    const told = bench.database.tables.events.filter(({ instanceId }) => instanceId === id)
    expect(told.map(({ type, data }) => [type, data.state ?? data.qr])).toEqual([
      ['instance.state_changed', 'starting'],
      ['instance.state_changed', 'pairing'],
      ['instance.qr', '2@one'],
      ['instance.qr', '2@two'],
    ])
    expect(lines.join()).not.toContain('2@')
  })

  it('that another worker run owns is left alone', async () => {
    const id = await bench.addInstance()
    const other = await bench.seed.insert('servers', {
      ...bench.database.tables.servers[0]!,
      id: 'srv_other',
      name: 'other',
      incarnation: 'run-2',
    })
    bench.lease(id).ownerIncarnation = other.incarnation
    bench.host.start()
    await pass()
    expect(bench.host.session(id)).toBeUndefined()
  })
})

describe('a QR code that nobody scans', () => {
  it('ends the pairing and is not renewed by itself, not even by a restart of the worker', async () => {
    const id = await started()
    bench.driver.newest(id).tell.onQr('qr-text', new Date())
    bench.driver.newest(id).end('qr-expired')
    await pass(5_000)
    expect(bench.instance(id)).toMatchObject({ state: 'stopped', reason: 'qr-expired', desired: 'running' })
    expect(bench.driver.connections).toHaveLength(1)
    await expect(bench.host.session(id)?.qr()).rejects.toMatchObject({ code: 'INSTANCE_NOT_PAIRING' })

    bench.host.fence()
    await pass(5_000)
    expect(bench.host.session(id)?.resting).toBe(true)
    expect(bench.driver.connections).toHaveLength(1)
  })

  it('comes anew when the customer starts the instance again', async () => {
    const id = await started()
    bench.driver.newest(id).end('qr-expired')
    await pass()
    bench.host.sync(id)
    await pass()
    const again = bench.driver.newest(id)
    again.tell.onQr('another', new Date('2026-03-01T12:00:00Z'))
    expect(await bench.host.session(id)?.qr()).toMatchObject({ qr: 'another' })
    expect(bench.driver.connections).toHaveLength(2)
  })

  it('is waited for by who asks while the session is on its way to it', async () => {
    const id = await started()
    const asked = bench.host.session(id)?.qr()
    await pass(2_000)
    bench.driver.newest(id).tell.onQr('late', new Date(0))
    expect(await asked).toMatchObject({ qr: 'late' })
  })
})

describe('a pairing code', () => {
  it('is asked for once WhatsApp is ready to make one', async () => {
    const id = await started()
    const asked = bench.host.session(id)?.pairingCode('+5511999990001')
    bench.driver.newest(id).tell.onQr('qr-text', new Date())
    expect(await asked).toMatchObject({ code: 'ABCD1234' })
  })

  it('that WhatsApp refuses is an answer, and so is asking a connected instance', async () => {
    bench.driver.pairingCode = () => Promise.reject(new PairingRefused('refused', 'scripted'))
    const id = await started()
    bench.driver.newest(id).tell.onQr('qr-text', new Date())
    const session = bench.host.session(id)
    await expect(session?.pairingCode('+5511999990001')).rejects.toMatchObject({ code: 'PAIRING_REFUSED' })
    bench.driver.newest(id).open()
    await pass()
    await expect(session?.pairingCode('+5511999990001')).rejects.toMatchObject({ code: 'INSTANCE_NOT_PAIRING' })
  })
})

describe('a lost connection', () => {
  it('comes back after a wait that grows with each failure, and the first wait again after a stable minute', async () => {
    const id = await connected()
    const waits: number[] = []
    for (let failure = 0; failure < 4; failure += 1) {
      const before = bench.driver.connections.length
      const lostAt = performance.now()
      bench.driver.newest(id).end('connection-lost')
      while (bench.driver.connections.length === before) await pass(100)
      waits.push(Math.round((performance.now() - lostAt) / 100) * 100)
    }
    // Half of 1, 2, 4 and 8 s: the test's dice always show 0.5.
    expect(waits).toEqual([500, 1_000, 2_000, 4_000])

    bench.driver.newest(id).open()
    await pass(61_000)
    bench.driver.newest(id).end('connection-lost')
    const before = bench.driver.connections.length
    await pass(600)
    expect(bench.driver.connections).toHaveLength(before + 1)
  })

  it('is told with its reason', async () => {
    const id = await connected()
    bench.driver.newest(id).end('unavailable')
    await pass()
    expect(bench.instance(id)).toMatchObject({ state: 'disconnected', reason: 'wa-unavailable' })
  })

  it('because the credentials run elsewhere is tried once more after a minute, then given up', async () => {
    const id = await connected()
    bench.driver.newest(id).end('replaced')
    await pass(59_000)
    expect(bench.driver.connections).toHaveLength(1)
    await pass(2_000)
    expect(bench.driver.connections).toHaveLength(2)
    bench.driver.newest(id).end('replaced')
    await pass(120_000)
    expect(bench.driver.connections).toHaveLength(2)
    expect(bench.instance(id)).toMatchObject({ state: 'failed', reason: 'wa-stream-replaced' })
  })

  it('of a banned number is tried again when the ban is over', async () => {
    const id = await connected()
    bench.driver.newest(id).end('temporary-ban', new Date(Date.now() + 3_600_000))
    await pass(3_590_000)
    expect(bench.instance(id)).toMatchObject({ state: 'banned', reason: 'wa-temporary-ban' })
    expect(bench.driver.connections).toHaveLength(1)
    await pass(20_000)
    expect(bench.driver.connections).toHaveLength(2)
  })
})

describe('a state that is written late', () => {
  it('after a newer one, because its answer was lost and it was repeated, is put right at the next look', async () => {
    const id = await connected()
    Object.assign(bench.instance(id), { state: 'starting' })
    await pass(1_000)
    expect(bench.instance(id)).toMatchObject({ state: 'connected', reason: null })
    expect(bench.history(id).slice(-2)).toEqual(['connected', 'connected'])
  })
})

describe('what a connection says after its end', () => {
  it('is not heard', async () => {
    const id = await connected()
    const old = bench.driver.newest(id)
    old.end('connection-lost')
    old.tell.onQr('stale', new Date())
    old.tell.onOpen(scriptedAccount)
    expect(await old.tell.onReceipt({ waMessageIds: ['1'], status: 'read' })).toBe(false)
    await pass()
    expect(bench.instance(id).state).toBe('disconnected')
    expect(bench.told).toEqual([`connected ${id}`])
  })
})

describe('stop', () => {
  it('disconnects, tells so and gives the lease back; the next start needs no pairing', async () => {
    const id = await connected()
    await bench.seed.update('instances', { id }, { desired: 'stopped' })
    await pass(1_100)
    expect(bench.driver.newest(id).closed).toBe(true)
    expect(bench.instance(id)).toMatchObject({ state: 'stopped', reason: 'stopped-by-customer' })
    expect(bench.lease(id).ownerIncarnation).toBeNull()

    await bench.seed.update('instances', { id }, { desired: 'running' })
    await pass(2_100)
    expect(bench.driver.connections).toHaveLength(2)
    expect(bench.lease(id)).toMatchObject({ epoch: 3, ownerIncarnation: 'run-1' })
  })

  it('of an instance that this run never owned is settled too', async () => {
    const id = await started({ state: 'connected', desired: 'stopped' })
    expect(bench.instance(id)).toMatchObject({ state: 'stopped', reason: 'stopped-by-customer' })
    expect(bench.driver.connections).toHaveLength(0)
  })
})

describe('log-out', () => {
  it('unlinks the device, erases the keys and rests; a start pairs anew', async () => {
    const id = await connected()
    const { fence } = bench.driver.newest(id)
    await bench.keys.commit(fence, { credentials: new Uint8Array([1]) })
    await bench.host.session(id)?.logout()
    await pass()
    expect(bench.driver.newest(id).loggedOut).toBe(true)
    expect(await bench.keys.loadCredentials(id)).toBeUndefined()
    expect(bench.instance(id)).toMatchObject({ state: 'logged_out', reason: 'wa-logged-out' })

    await bench.seed.update('instances', { id }, { desired: 'stopped' })
    await pass(1_100)
    expect(bench.instance(id)).toMatchObject({ state: 'logged_out', reason: 'stopped-by-customer' })
    await bench.seed.update('instances', { id }, { desired: 'running' })
    await pass(2_100)
    expect(bench.driver.connections).toHaveLength(2)
  })

  it('by the phone keeps the credentials until the customer starts the instance again', async () => {
    const id = await connected()
    const { fence } = bench.driver.newest(id)
    await bench.keys.commit(fence, { credentials: new Uint8Array([1]) })
    bench.driver.newest(id).end('logged-out')
    await pass(5_000)
    expect(bench.driver.connections).toHaveLength(1)
    expect(await bench.keys.loadCredentials(id)).toBeDefined()
    bench.host.sync(id)
    await pass()
    expect(bench.driver.connections).toHaveLength(2)
    expect(await bench.keys.loadCredentials(id)).toBeUndefined()
  })
})

describe('restart', () => {
  it('closes the connection and opens another under the same fence', async () => {
    const id = await connected()
    const { fence } = bench.driver.newest(id)
    await bench.host.session(id)?.restart()
    await pass()
    expect(bench.driver.connections).toHaveLength(2)
    expect(bench.driver.connections[0]?.closed).toBe(true)
    expect(bench.driver.newest(id).fence).toEqual(fence)
  })
})

describe('a session whose fence no longer holds', () => {
  it('closes without another write when the driver finds out', async () => {
    const id = await connected()
    bench.lease(id).epoch += 1
    bench.lease(id).ownerIncarnation = 'run-2'
    bench.driver.newest(id).end('fenced-out')
    await pass()
    expect(bench.host.session(id)).toBeUndefined()
    expect(bench.instance(id).state).toBe('connected')
  })

  it('closes when its own write is refused', async () => {
    const id = await connected()
    bench.lease(id).epoch += 1
    bench.driver.newest(id).end('connection-lost')
    await pass()
    expect(bench.instance(id).state).toBe('connected')
    expect(bench.driver.connections.filter(({ closed }) => !closed)).toHaveLength(0)
  })

  it('closes when a look shows another owner', async () => {
    const id = await connected()
    Object.assign(bench.lease(id), { epoch: 9, ownerIncarnation: null, serverId: 'srv_elsewhere' })
    await pass(1_100)
    expect(bench.driver.newest(id).closed).toBe(true)
    expect(bench.host.session(id)).toBeUndefined()
  })
})

describe('a worker that loses its lease', () => {
  it('closes everything at once and takes it back under a new epoch', async () => {
    const id = await connected()
    bench.host.fence()
    expect(bench.driver.newest(id).closed).toBe(true)
    await pass(1_100)
    expect(bench.driver.connections).toHaveLength(2)
  })
})

describe('one instance with corrupt credentials', () => {
  it('fails with its reason while another works', async () => {
    const bad = await bench.addInstance()
    const good = await connected()
    bench.driver.newest(bad).end('credentials-corrupt')
    await pass(5_000)
    expect(bench.instance(bad)).toMatchObject({ state: 'failed', reason: 'credentials-corrupt' })
    expect(bench.host.session(good)?.connected).toBe(true)
  })
})

describe('a driver that throws', () => {
  it('costs one instance an attempt, not the worker', async () => {
    const opening = vi.spyOn(bench.driver, 'open').mockImplementation(() => {
      throw new Error('a bug')
    })
    const id = await started()
    expect(bench.instance(id)).toMatchObject({ state: 'disconnected', reason: 'internal-error' })
    opening.mockRestore()
    await pass(1_100)
    expect(bench.driver.connections).toHaveLength(1)
  })
})

describe('a worker that ends', () => {
  it('says where its sessions went and gives their leases back', async () => {
    const id = await connected()
    await bench.host.stop()
    expect(bench.instance(id)).toMatchObject({ state: 'disconnected', reason: 'moved' })
    expect(bench.lease(id).ownerIncarnation).toBeNull()
  })
})
