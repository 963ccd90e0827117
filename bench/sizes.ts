/** How much a run does. The figures are per round unless said otherwise. */
export interface Sizes {
  /** Counted rounds of the benchmarks of messages and of the curve; one more goes before them to warm up. */
  rounds: number
  /** Contacts of the one account that sends and receives; as many messages are in flight. */
  contacts: number
  warmSends: number
  coldSends: number
  received: number
  pingPongs: number
  signatures: number
  agreements: number
  /** Checks of a remembered key, and of one that the slow hash has to prove. */
  keyChecks: { remembered: number; proven: number }
  /** Where resident memory is looked at; the last is all sessions. */
  sessions: readonly number[]
  /** Processes that are started again on stored sessions. */
  restarts: number
  load: { sessions: number; contacts: number; sends: number; looks: number }
  path: PathSizes
}

/** Of the benchmarks of the whole path. */
export interface PathSizes {
  rounds: number
  instances: number
  /** Of each instance. */
  contacts: number
  /** How many requests are open at a time, and how many messages they send in a round. */
  out: readonly { atOnce: number; messages: number }[]
  /** Texts of a burst. */
  burst: number
  /** How long half of the peak rate is kept up. */
  steadySeconds: number
  memoryMessages: number
}

export const fullSizes: Sizes = {
  rounds: 5,
  contacts: 10,
  warmSends: 500,
  coldSends: 40,
  received: 500,
  pingPongs: 100,
  signatures: 40,
  agreements: 1_000,
  keyChecks: { remembered: 5_000, proven: 5 },
  sessions: [1, 50, 200],
  restarts: 3,
  load: { sessions: 10, contacts: 5, sends: 10_000, looks: 4 },
  path: {
    rounds: 3,
    instances: 10,
    contacts: 10,
    out: [
      { atOnce: 1, messages: 50 },
      { atOnce: 10, messages: 300 },
      { atOnce: 50, messages: 500 },
    ],
    burst: 500,
    steadySeconds: 5,
    memoryMessages: 10_000,
  },
}

/** To see that everything works: too little for figures that mean anything. */
export const quickSizes: Sizes = {
  rounds: 2,
  contacts: 5,
  warmSends: 50,
  coldSends: 5,
  received: 50,
  pingPongs: 10,
  signatures: 5,
  agreements: 100,
  keyChecks: { remembered: 1_000, proven: 1 },
  sessions: [1, 3, 6],
  restarts: 1,
  load: { sessions: 2, contacts: 2, sends: 200, looks: 2 },
  path: {
    rounds: 1,
    instances: 2,
    contacts: 2,
    out: [{ atOnce: 5, messages: 30 }],
    burst: 30,
    steadySeconds: 1,
    memoryMessages: 60,
  },
}
