import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'
import { waitFor } from './wait-for.ts'

let server: Server
let heard: string[]
let proxy: TcpProxy
const clients: Socket[] = []

/** Answers everything with itself. */
beforeEach(async () => {
  heard = []
  server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      heard.push(String(bytes))
      socket.write(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy = await startTcpProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await proxy.stop()
  server.close()
})

async function open(): Promise<{ socket: Socket; got: () => string; closed: Promise<unknown> }> {
  const socket = connect(proxy.port, '127.0.0.1')
  clients.push(socket)
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (bytes) => (text += String(bytes)))
  await once(socket, 'connect')
  return { socket, got: () => text, closed: once(socket, 'close') }
}

test('passes everything on both ways, however much it is', async () => {
  const { socket, got } = await open()
  const much = 'x'.repeat(3_000_000)
  socket.write(much)
  await waitFor(() => got().length === much.length, { what: 'all of it to come back' })
})

test('a cut ends what is open and what comes, until it is restored', async () => {
  const before = await open()
  proxy.cut()
  await before.closed
  await (
    await open()
  ).closed
  proxy.restore()
  const after = await open()
  after.socket.write('again')
  await waitFor(() => after.got() === 'again', { what: 'an answer' })
})

test('a frozen way holds bytes back and ends nothing; they pass when it is restored', async () => {
  const { socket, got } = await open()
  socket.write('one')
  await waitFor(() => got() === 'one', { what: 'an answer' })
  proxy.freeze()
  const second = await open()
  socket.write('two')
  second.socket.write('three')
  // Another way to the same server: by the time that its answer is here, the frozen bytes would be there too.
  const direct = connect((server.address() as AddressInfo).port, '127.0.0.1')
  clients.push(direct)
  direct.write('direct')
  await once(direct, 'data')
  expect(heard).toEqual(['one', 'direct'])
  proxy.restore()
  await waitFor(() => got() === 'onetwo' && second.got() === 'three', { what: 'the bytes that were held back' })
})

test('a watcher ends a connection before its bytes arrive, or after they did and before the answer', async () => {
  proxy.watch((bytes) => (String(bytes) === 'never' ? 'cut' : String(bytes) === 'done' ? 'cut-reply' : 'pass'))
  const one = await open()
  one.socket.write('never')
  await one.closed
  const other = await open()
  other.socket.write('done')
  await other.closed
  expect([heard, one.got(), other.got()]).toEqual([['done'], '', ''])
})
