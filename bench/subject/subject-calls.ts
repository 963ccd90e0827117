import type { Fence } from '#core/ports/session-leases.ts'

/** A WhatsApp account and, for the driver, the instance that it belongs to. */
export interface Account {
  /** E.164. */
  phoneNumber: string
  fence: Fence
}

/** Where a measured process finds its surroundings. */
export interface SubjectSettings {
  simulator: { url: string; rootPublicKey: Uint8Array }
  /** Of the driver's PostgreSQL. */
  databaseUrl: string
  /** Wraps the driver's data keys. */
  sessionKeyRing: string
  /** Where raw Baileys' memory is kept across a restart. */
  rawFolder: string
  /** Where CPU profiles of what is measured go; none are made without it. */
  profileFolder: string | undefined
}

/** Messages that leave one after the other, each when the server has confirmed the one before. */
export interface Lane {
  from: string
  to: readonly string[]
}

/** CPU (user and system) of the whole measured process, and time, in milliseconds. */
export interface Cost {
  cpuMs: number
  wallMs: number
}

/** After garbage collection, in megabytes (10^6 bytes). */
export interface MemoryUse {
  rssMb: number
  /** The highest resident size of the process so far. */
  peakMb: number
}

/** Milliseconds until the last of the asked sessions was open, and the process's CPU from the call to then. */
export interface OpenTimes {
  sinceProcessStartMs: number
  sinceCallMs: number
  cpuMs: number
}

/** Microseconds of CPU per operation. */
export interface CurveCosts {
  signUs: number
  verifyUs: number
  agreeUs: number
}

/** What the measured process does when it is told. */
export interface SubjectCalls {
  start(settings: SubjectSettings): Promise<void>
  /** Links each account's phone and logs in. */
  pair(accounts: readonly Account[]): Promise<void>
  /** Logs in with what an earlier process stored. */
  open(accounts: readonly Account[]): Promise<OpenTimes>
  /** All lanes beside each other. */
  send(lanes: readonly Lane[]): Promise<Cost>
  /** Sends, waits for the answer, and again. */
  pingPong(from: string, to: string, pairs: number): Promise<Cost>
  startMeasuring(): Promise<void>
  stopMeasuring(): Promise<Cost>
  memory(): Promise<MemoryUse>
  curve(signatures: number, agreements: number): Promise<CurveCosts>
  /** Closes every session and stores what a restart needs. */
  close(): Promise<void>
}

/** What a measured process may ask of the run. */
export interface RunCalls {
  scan(phoneNumber: string, qr: string): Promise<void>
}
