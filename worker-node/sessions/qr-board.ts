import type { QrView } from '#contracts/http/instances.ts'

/** The QR code that a session shows now, in memory only: who holds its text can link a phone. */
export interface QrBoard {
  show(qr: string, expiresAt: Date): void
  clear(): void
  /** The code of this moment or the first one within `waitMs`; undefined when none came. */
  read(waitMs: number): Promise<QrView | undefined>
}

export function createQrBoard(): QrBoard {
  let shown: QrView | undefined
  const waiting = new Set<(qr: QrView) => void>()

  return {
    show(qr, expiresAt) {
      shown = { qr, expires_at: expiresAt.toISOString() }
      for (const tell of waiting) tell(shown)
    },
    clear() {
      shown = undefined
    },
    read(waitMs) {
      if (shown !== undefined || waitMs === 0) return Promise.resolve(shown)
      return new Promise((resolve) => {
        const done = (qr: QrView | undefined) => {
          clearTimeout(timer)
          waiting.delete(done)
          resolve(qr)
        }
        const timer = setTimeout(done, waitMs, undefined)
        waiting.add(done)
      })
    },
  }
}
