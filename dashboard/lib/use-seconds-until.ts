import { useEffect, useState } from 'react'

/** No code lives longer: a moment that is further away is the doing of a wrong clock on this device. */
const longestSeconds = 600

/** Whole seconds until a moment, anew each second, 0 when it has passed; undefined when this device's clock cannot tell. */
export function useSecondsUntil(iso: string): number | undefined {
  const [counted, setCounted] = useState({ iso, seconds: secondsUntil(iso), trusted: isTrusted(iso) })
  if (counted.iso !== iso) setCounted({ iso, seconds: secondsUntil(iso), trusted: isTrusted(iso) })
  useEffect(() => {
    const timer = setInterval(() => setCounted((now) => ({ ...now, seconds: secondsUntil(now.iso) })), 1_000)
    return () => clearInterval(timer)
  }, [])
  return counted.trusted ? Math.max(0, counted.seconds) : undefined
}

function secondsUntil(iso: string): number {
  return Math.ceil((Date.parse(iso) - Date.now()) / 1_000)
}

/** What has just been told is of the near future. */
function isTrusted(iso: string): boolean {
  const seconds = secondsUntil(iso)
  return seconds > 0 && seconds <= longestSeconds
}
