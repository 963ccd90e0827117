import { once } from 'node:events'
import { createServer } from 'node:net'

/** A TCP port of loopback that was free a moment ago. Prefer port 0 where the server can tell its port afterwards. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('The operating system gave no TCP port.')
  return address.port
}
