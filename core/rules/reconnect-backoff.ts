/** A connection that held this long counts as stable: the next failure is the first again. */
export const stableAfterMs = 60_000

const baseMs = 1_000
const capMs = 60_000

/**
 * Full jitter: anything up to 1, 2, 4 ... 60 s, so that the sessions of a server that lost its network do not all come
 * back in the same instant. `failures` counts those in a row, from 1; `random` is in [0, 1).
 */
export function reconnectDelayMs(failures: number, random: number): number {
  return Math.round(random * Math.min(capMs, baseMs * 2 ** (failures - 1)))
}
