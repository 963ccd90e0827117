import { qrViewSchema } from '#contracts/http/instances.ts'
import {
  followPairingContract,
  getPairingContract,
  pairingViewSchema,
  startPairingContract,
} from '#contracts/http/pairing.ts'
import { pairingEndSchema, type PairingEnd } from '#contracts/pairing-end.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { readEvents } from '#dashboard/lib/api/read-events.ts'
import { sendRequest } from '#dashboard/lib/api/send-request.ts'
import { passes, startsByItself, type PairingProgress } from './pairing-progress.ts'
import { pauseUntilOnline, untilVisible } from './waits.ts'

const shortestPauseMs = 1_000
const longestPauseMs = 15_000

interface Watch {
  /** Starts the pairing anew whatever state it rests in: the person asked for that. */
  start: boolean
  signal: AbortSignal
  tell: (change: Partial<PairingProgress>) => void
}

/**
 * Watches the pairing of a link, and starts it when it has not begun. Networks and servers that are away are waited for;
 * resolves when it is over or `signal` aborts.
 */
export async function watchPairing(token: string, { start, signal, tell }: Watch): Promise<void> {
  let mayStart = true
  let pauseMs = shortestPauseMs
  while (!signal.aborted) {
    try {
      const { data: view } = await sendRequest(getPairingContract, { signal }, token)
      tell({ view, failure: undefined })
      if (mayStart && (start || startsByItself(view))) await sendRequest(startPairingContract, { signal }, token)
      mayStart = false
      pauseMs = shortestPauseMs
      const end = view.state === 'connected' ? 'paired' : await follow(token, { signal, tell })
      if (end !== 'timeout') return tell({ qr: undefined, over: true })
      // Forgotten in a tab in the background it costs nothing more.
      await untilVisible(signal)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof CallFailed)) throw error
      if (!passes(error)) return tell({ failure: error, qr: undefined, over: true })
      tell({ failure: error, qr: undefined })
      await pauseUntilOnline(Math.max(pauseMs, (error.retryAfterSeconds ?? 0) * 1_000), signal)
      pauseMs = Math.min(2 * pauseMs, longestPauseMs)
    }
  }
}

/** Tells what the stream tells until it ends. Throws CallFailed, also when it breaks off. */
async function follow(token: string, { signal, tell }: Pick<Watch, 'signal' | 'tell'>): Promise<PairingEnd> {
  for await (const { event, data } of readEvents(followPairingContract.path, { token, signal })) {
    if (event === 'end') return pairingEndSchema.parse(data).reason
    if (event === 'qr') tell({ qr: qrViewSchema.parse(data) })
    if (event !== 'state') continue
    const view = pairingViewSchema.parse(data)
    tell(view.state === 'pairing' ? { view } : { view, qr: undefined })
  }
  throw new CallFailed('NO_CONNECTION', 'The connection ended early.')
}
