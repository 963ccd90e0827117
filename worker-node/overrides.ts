import type { DestinationStream } from 'pino'
import type { WorkerStores } from './metrics/measure-stores.ts'

/**
 * What only the entry files of the local stack and tests may pass to `createWorker`: no environment variable reaches
 * these, so a production worker talks to WhatsApp and calls public webhook addresses, and nothing else.
 */
export interface WorkerOverrides {
  /** A simulator instead of WhatsApp: its WebSocket and the root key of its certificates. */
  whatsapp?: { url: string; rootPublicKey: Uint8Array }
  /** Webhooks may go to loopback addresses, also by plain HTTP. */
  allowLoopbackWebhooks?: boolean
  /** New connections to WhatsApp per second; production keeps 10. */
  handshakesPerSecond?: number
  /** First messages to new chats per minute where the customer chose nothing; production keeps 60, null is no pace. */
  newChatsPerMinute?: number | null
  /** Where log lines go instead of standard output. */
  logTo?: DestinationStream
  timings?: Partial<WorkerTimings>
  /** For the fault rig: puts something between the worker and its stores. */
  wrapStores?: (stores: WorkerStores) => WorkerStores
}

/** How often the worker looks for work that nobody hinted at, and how long it waits for things, in milliseconds. */
export interface WorkerTimings {
  reconcileIntervalMs: number
  fleetIntervalMs: number
  outboxIntervalMs: number
  expireIntervalMs: number
  projectIntervalMs: number
  dispatchIntervalMs: number
  /** Between samples of the machine: twice a minute, so that no minute is without. */
  sampleIntervalMs: number
  /** Time for what is in flight when the worker is told to stop. */
  stopGraceMs: number
}

export const defaultTimings: WorkerTimings = {
  reconcileIntervalMs: 1_000,
  fleetIntervalMs: 1_000,
  outboxIntervalMs: 1_000,
  expireIntervalMs: 5_000,
  projectIntervalMs: 5_000,
  dispatchIntervalMs: 1_000,
  sampleIntervalMs: 30_000,
  stopGraceMs: 2_000,
}
