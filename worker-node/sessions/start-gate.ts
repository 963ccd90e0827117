/** Most connections that may be between their opening and what comes of it (open, a QR code, an end). */
const maxAtOnce = 20

/**
 * Lets connections to WhatsApp begin one by one: a worker that restores hundreds of sessions must neither look like an
 * attack nor starve its own event loop with handshakes.
 */
export interface StartGate {
  /** Resolves with the way to give the place back (idempotent), or undefined when the signal was aborted first. */
  enter(signal: AbortSignal): Promise<(() => void) | undefined>
}

/** `random` is in [0, 1): gaps vary by half either way, so that the servers of a fleet do not knock in step. */
export function createStartGate(handshakesPerSecond: number, random: () => number = Math.random): StartGate {
  const gapMs = 1_000 / handshakesPerSecond
  const queue: (() => void)[] = []
  let inside = 0
  let nextAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function admitNext(): void {
    if (timer !== undefined || inside >= maxAtOnce || queue.length === 0) return
    const now = performance.now()
    if (now < nextAt) {
      timer = setTimeout(() => {
        timer = undefined
        admitNext()
      }, nextAt - now)
      return
    }
    inside += 1
    nextAt = now + gapMs * (0.5 + random())
    queue.shift()?.()
    admitNext()
  }

  function placeOf(): () => void {
    let left = false
    return () => {
      if (left) return
      left = true
      inside -= 1
      admitNext()
    }
  }

  return {
    enter(signal) {
      return new Promise((resolve) => {
        if (signal.aborted) return resolve(undefined)
        const giveUp = () => {
          queue.splice(queue.indexOf(admit), 1)
          resolve(undefined)
        }
        const admit = () => {
          signal.removeEventListener('abort', giveUp)
          resolve(placeOf())
        }
        signal.addEventListener('abort', giveUp, { once: true })
        queue.push(admit)
        admitNext()
      })
    },
  }
}
