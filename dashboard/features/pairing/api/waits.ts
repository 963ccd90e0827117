/** Waits so long, or until the device says that it has a network again. Resolves early when `signal` aborts. */
export function pauseUntilOnline(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = new AbortController()
    const done = () => {
      clearTimeout(timer)
      end.abort()
      resolve()
    }
    const timer = setTimeout(done, ms)
    globalThis.addEventListener('online', done, { signal: end.signal })
    signal.addEventListener('abort', done, { signal: end.signal })
  })
}

/** Waits until somebody looks at the page. Resolves early when `signal` aborts. */
export function untilVisible(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = new AbortController()
    const done = () => {
      end.abort()
      resolve()
    }
    const look = () => {
      if (!document.hidden) done()
    }
    document.addEventListener('visibilitychange', look, { signal: end.signal })
    signal.addEventListener('abort', done, { signal: end.signal })
    look()
  })
}
