import { z } from 'zod'

/** A whole number from 1 to `max`, of a JSON body. */
function wholeNumber(max: number) {
  return z
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(max, `must be at most ${max}`)
}

/** The largest machine that the registry knows; a worker on a larger one says that it has so much. */
export const largestServer = { cpuCores: 128, ramGb: 1024 } as const

export const maxCapacitySchema = wholeNumber(500)
export const cpuCoresSchema = wholeNumber(largestServer.cpuCores)
export const ramGbSchema = wholeNumber(largestServer.ramGb)
