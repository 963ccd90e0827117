import type { CloseCause, ConnectionListener } from '#core/ports/driver.ts'

/** A listener to which nothing is told after its end, and whose errors reach nobody but `onError`. */
export function onceEnded(listener: ConnectionListener, onError: (error: unknown) => void) {
  let ended = false

  const tell = (call: () => void): void => {
    if (ended) return
    try {
      call()
    } catch (error) {
      onError(error)
    }
  }
  const told: ConnectionListener = {
    onQr: (qr, expiresAt) => tell(() => listener.onQr(qr, expiresAt)),
    onPaired: (account) => tell(() => listener.onPaired(account)),
    onOpen: (account) => tell(() => listener.onOpen(account)),
    async onReceipt(receipt) {
      if (ended) return false
      try {
        return await listener.onReceipt(receipt)
      } catch (error) {
        onError(error)
        return false
      }
    },
    onJournaled: () => tell(() => listener.onJournaled()),
    onClosed(cause: CloseCause) {
      tell(() => listener.onClosed(cause))
      ended = true
    },
  }
  return told
}
