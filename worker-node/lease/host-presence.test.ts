import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { silentLog } from '#worker-node/log.ts'
import { createHostPresence, type HostPresence } from './host-presence.ts'

const serverId = newId('server')
let dataDir: string
const opened: HostPresence[] = []

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'wharf-p-'))
})
afterEach(async () => {
  for (const one of opened.splice(0)) await one.withdraw()
  await rm(dataDir, { recursive: true })
})

function presence(folder = dataDir): HostPresence {
  const made = createHostPresence({ dataDir: folder, serverId, log: silentLog })
  opened.push(made)
  return made
}

/** What a run leaves that was killed: a record, and a socket that nobody listens on. */
async function leaveDead(incarnation: string): Promise<void> {
  const dead = presence()
  await dead.announce(incarnation)
  const record = await readFile(path.join(dataDir, `${serverId}.json`), 'utf8')
  await dead.withdraw()
  await leaveSocket(path.join(dataDir, `${serverId}.sock`))
  await writeFile(path.join(dataDir, `${serverId}.json`), record)
}

/** By a process that is killed while it listens: Node itself would remove the file. */
async function leaveSocket(socket: string): Promise<void> {
  const source = `require('node:net').createServer().listen(${JSON.stringify(socket)}, () => process.send('up'))`
  const script = path.join(dataDir, 'listen.cjs')
  await writeFile(script, source)
  const child = fork(script, [], { execArgv: [] })
  await once(child, 'message')
  child.kill('SIGKILL')
  await once(child, 'exit')
  await rm(script)
}

describe('a successor on the same host', () => {
  it('learns that its predecessor is dead, until it was ended', async () => {
    await leaveDead('run-1')
    const next = presence()
    expect(await next.deadPredecessor()).toBe('run-1')
    next.forget('run-1')
    expect(await next.deadPredecessor()).toBeUndefined()
  })

  it('takes the stale socket over, and its own successor finds it alive', async () => {
    await leaveDead('run-1')
    const next = presence()
    await next.announce('run-2')
    expect(await presence().deadPredecessor()).toBeUndefined()
    expect(await next.deadPredecessor()).toBeUndefined()
  })

  it('waits for one that can be reached, though it may be stopped by a signal', async () => {
    await presence().announce('run-1')
    expect(await presence().deadPredecessor()).toBeUndefined()
  })

  it('finds nothing after one that ended well, and nothing in an empty or missing folder', async () => {
    const first = presence()
    await first.announce('run-1')
    await first.withdraw()
    expect(await presence().deadPredecessor()).toBeUndefined()
    expect(await readdir(dataDir)).toEqual([])
    expect(await presence(path.join(dataDir, 'none')).deadPredecessor()).toBeUndefined()
  })

  it.each([
    ['of another boot or machine', { server: serverId, incarnation: 'run-1', host: 'another' }],
    ['of another server', { server: newId('server'), incarnation: 'run-1', host: 'another' }],
    ['that is nonsense', 'nonsense'],
  ])('believes no record %s', async (_, record) => {
    await leaveDead('run-1')
    await writeFile(path.join(dataDir, `${serverId}.json`), JSON.stringify(record))
    expect(await presence().deadPredecessor()).toBeUndefined()
  })

  it('is shown the incarnation that holds the lease now', async () => {
    const run = presence()
    await run.announce('run-1')
    await run.announce('run-2')
    const record = JSON.parse(await readFile(path.join(dataDir, `${serverId}.json`), 'utf8')) as object
    expect(record).toMatchObject({ server: serverId, incarnation: 'run-2' })
  })
})

describe('a data folder that cannot be used', () => {
  it('with too long a name costs the quick restart and nothing else', async () => {
    const deep = presence(path.join(dataDir, 'x'.repeat(120)))
    await deep.announce('run-1')
    expect(await deep.deadPredecessor()).toBeUndefined()
    await deep.withdraw()
  })

  it('where a file stands in its place costs the quick restart and nothing else', async () => {
    const file = path.join(dataDir, 'file')
    await writeFile(file, '')
    const blocked = presence(file)
    await blocked.announce('run-1')
    expect(await blocked.deadPredecessor()).toBeUndefined()
  })
})
