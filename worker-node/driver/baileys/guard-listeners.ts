import type { WASocket } from '@whiskeysockets/baileys'

/** What is used of the `ws` WebSocket inside Baileys' client. */
interface RawSocket {
  close(): void
  terminate(): void
  once(event: 'close', listener: () => void): void
}
type Listener = (...args: unknown[]) => unknown

/** The time a server has to answer the closing handshake; `ws` itself would wait for 30 s. */
const closingHandshakeMs = 1_000

/**
 * Keeps what goes wrong inside Baileys inside: most of its listeners are asynchronous functions whose rejections nobody
 * handles, and an unhandled rejection ends a Node process with all its sessions. Also makes a close quick.
 */
export function guardListeners({ ws }: WASocket, onError: (event: string, error: unknown) => void): void {
  for (const event of ws.eventNames().map(String)) {
    for (const listener of ws.listeners(event) as Listener[]) {
      ws.off(event, listener)
      ws.on(
        event,
        guarded(listener, (error) => onError(event, error)),
      )
    }
  }
  ws.close = () => closeQuickly((ws as unknown as { socket: RawSocket | null }).socket)
}

function guarded(listener: Listener, onError: (error: unknown) => void): Listener {
  return (...args) => {
    try {
      const result = listener(...args)
      if (result instanceof Promise) result.catch(onError)
    } catch (error) {
      onError(error)
    }
  }
}

/** From the call on nothing more is sent. Resolves when the connection is gone. */
async function closeQuickly(raw: RawSocket | null): Promise<void> {
  if (raw === null) return
  const gone = new Promise<void>((resolve) => raw.once('close', resolve))
  raw.close()
  const timer = setTimeout(() => raw.terminate(), closingHandshakeMs)
  await gone
  clearTimeout(timer)
}
