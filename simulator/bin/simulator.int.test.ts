import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { baileysClient } from '#simulator/testing/baileys-client.ts'

const ENTRY = path.join(import.meta.dirname, 'simulator.ts')
let dataDir: string
const children: ChildProcess[] = []

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'simulator-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true })
})

/** Runs the command; resolves with its banner's facts, or with how it ended. */
async function run(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY, '--port', '0', '--control-port', '0', ...args])
  children.push(child)
  let output = ''
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null }))
  const started = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        if (output.includes('Ctrl-C stops it.')) resolve()
      })
    }
  })
  await Promise.race([started, ended])
  const find = (pattern: RegExp): string => pattern.exec(output)?.[1] ?? ''
  const url = find(/(ws:\S+)/)
  const rootPublicKey = new Uint8Array(Buffer.from(find(/root key +(\w+)/), 'hex'))
  return { child, ended, url, rootPublicKey, control: find(/control API +(\S+)/), output: () => output }
}

async function post(url: string, body: object): Promise<Record<string, string>> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = (await (await fetch(url, init)).json()) as { data: Record<string, string> }
  return answer.data
}

it('loses nothing that it has shown when it is killed in the middle of traffic, and goes on from its folder', async () => {
  const first = await run('--data', dataDir)
  const phone = `${first.control}/phones/+5511987650001`
  const contact = `${first.control}/phones/+5511987650002`
  await post(`${first.control}/phones`, { phone_number: '+5511987650001' })
  await post(`${first.control}/phones`, { phone_number: '+5511987650002' })
  const client = baileysClient(first)
  client.connect()
  await post(`${phone}/scan`, { qr: await client.qr() })
  await client.closed()
  client.connect()
  await client.open()
  await client.synchronised()
  const sending = Array.from({ length: 50 }, (_, n) =>
    Promise.all([
      client.socket.sendMessage('5511987650002@s.whatsapp.net', { text: `out ${n}` }),
      post(`${contact}/messages`, { to: '+5511987650001', text: `in ${n}` }),
    ]).catch(() => undefined),
  )
  await client.text('in 10')
  first.child.kill('SIGKILL')
  await first.ended
  await Promise.all(sending)
  await client.stop()

  const second = await run('--data', dataDir)
  expect(second.rootPublicKey).toEqual(first.rootPublicKey)
  const again = baileysClient(second, client.auth)
  again.connect()
  await again.open()
  await post(`${second.control}/phones/+5511987650002/messages`, { to: '+5511987650001', text: 'in, after' })
  await again.text('in, after')
  await again.socket.sendMessage('5511987650002@s.whatsapp.net', { text: 'out, after' })
  const shown = await fetch(`${second.control}/phones/+5511987650002/messages?text=out%2C+after&wait_ms=5000`)
  expect(((await shown.json()) as { data: unknown[] }).data).toHaveLength(1)
  await again.stop()

  second.child.kill('SIGINT')
  expect(await second.ended).toEqual({ code: 0 })
})

it('says in one sentence that a port is taken, or its arguments are wrong', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  const taken = await run('--memory', '--port', String(port))
  expect(await taken.ended).toEqual({ code: 1 })
  expect(taken.output()).toBe(
    `Port ${port} is taken: choose another one with --port or --control-port (0 takes a free one).\n`,
  )
  holder.close()
  const wrong = await run('--colour')
  expect(await wrong.ended).toEqual({ code: 2 })
  expect(wrong.output()).toContain("Unknown option '--colour'")
})
