import type { Log } from '#edge/log.ts'

/** One JSON line per record; Workers collect what is written to the console. */
export const consoleLog: Log = (record) => {
  // oxlint-disable-next-line no-console -- this is the edge's log
  console.log(JSON.stringify({ time: new Date().toISOString(), ...record }))
}
