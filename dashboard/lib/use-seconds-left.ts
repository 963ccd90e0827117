import { useEffect, useState } from 'react'

/** Whole seconds until a moment of this device's clock, anew each second; 0 when it has passed or there is none. */
export function useSecondsLeft(until: number | undefined): number {
  const [clock, setClock] = useState({ until, now: Date.now() })
  if (clock.until !== until) setClock({ until, now: Date.now() })
  useEffect(() => {
    if (until === undefined) return
    const timer = setInterval(() => {
      setClock({ until, now: Date.now() })
      if (Date.now() >= until) clearInterval(timer)
    }, 1_000)
    return () => clearInterval(timer)
  }, [until])
  return clock.until === undefined ? 0 : Math.max(0, Math.ceil((clock.until - clock.now) / 1_000))
}
