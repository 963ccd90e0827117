import { z } from 'zod'

/** Why nothing more is told about the pairing of an instance. */
export const pairingEnds = ['paired', 'failed', 'stopped', 'timeout'] as const
export type PairingEnd = (typeof pairingEnds)[number]

/** The last event of a stream of a pairing. */
export const pairingEndSchema = z.object({ reason: z.enum(pairingEnds) })
