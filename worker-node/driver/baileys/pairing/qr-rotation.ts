/** How long WhatsApp lets a QR code live: the first one longer, so that people find their phone. */
export interface QrLifetimes {
  firstQrMs: number
  laterQrMs: number
}

/** Shows one reference of the server after the other. */
export interface QrRotation {
  /** When the last one ends and with it this pairing. */
  endsAt: Date
  /** Shows the current reference again, after what the code is made of has changed. */
  showAgain(): void
  stop(): void
}

export function startQrRotation(
  refs: readonly string[],
  { firstQrMs, laterQrMs }: QrLifetimes,
  now: () => Date,
  { onRef, onExhausted }: { onRef: (ref: string, expiresAt: Date) => void; onExhausted: () => void },
): QrRotation {
  const remaining = [...refs]
  const lifetimesMs = refs.map((_ref, index) => (index === 0 ? firstQrMs : laterQrMs))
  const endsAt = new Date(now().getTime() + lifetimesMs.reduce((sum, ms) => sum + ms, 0))
  let current: { ref: string; expiresAt: Date } | undefined
  let timer: NodeJS.Timeout | undefined

  const show = () => current && onRef(current.ref, current.expiresAt)

  function next(): void {
    const ref = remaining.shift()
    const lifetimeMs = lifetimesMs.shift()
    if (ref === undefined || lifetimeMs === undefined) {
      current = undefined
      onExhausted()
      return
    }
    current = { ref, expiresAt: new Date(now().getTime() + lifetimeMs) }
    timer = setTimeout(next, lifetimeMs)
    show()
  }

  next()
  return {
    endsAt,
    showAgain: show,
    stop() {
      clearTimeout(timer)
      current = undefined
    },
  }
}
