import { once } from 'node:events'
import type { Server } from 'node:net'
import { UserError } from '#local/user-error.ts'

/**
 * Binds a server to loopback and returns its port; 0 takes a free one.
 * A port that is taken or forbidden is one clear sentence that names `what`.
 */
export async function listenOnLoopback(server: Server, port: number, what: string): Promise<number> {
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new UserError(`${what} cannot listen on port ${port}: ${reasonOf(error)}.`, { cause: error })
  }
  const address = server.address()
  if (address === null || typeof address === 'string') throw new UserError(`${what} got no TCP port.`)
  return address.port
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return 'it is already in use; stop what uses it or choose another'
  if (code === 'EACCES') return 'it needs rights that this process lacks; choose one above 1023'
  return message
}
