import type { Benchmark } from '#bench/benchmark.ts'
import { curve } from './curve.ts'
import { idleMemory } from './idle-memory.ts'
import { keyCheck } from './key-check.ts'
import { loadMemory } from './load-memory.ts'
import { coldSend, pingPong, receive, warmSend } from './messages.ts'
import { openSessions } from './open-sessions.ts'
import { pathIn } from './path-in.ts'
import { pathMemory } from './path-memory.ts'
import { pathOut } from './path-out.ts'

/** In the order of the table. */
export const benchmarks: readonly Benchmark[] = [
  warmSend,
  coldSend,
  receive,
  pingPong,
  curve,
  keyCheck,
  loadMemory,
  idleMemory,
  openSessions,
  pathOut,
  pathIn,
  pathMemory,
]
