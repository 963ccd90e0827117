import type { Pace, Post } from './customer-process.ts'
import type { CpuSoFar, PathStage } from './path-stage.ts'
import { cpuMsBetween } from './process-use.ts'
import { percentile } from './percentile.ts'

/** What one round of sending through the path took. */
export interface SendRound {
  perSecond: number
  acceptMs: readonly number[]
  /** From the request's start to WhatsApp's ack in the database. */
  sentMs: readonly number[]
  cpuMs: CpuOfPath
  roundTrips: { edge: number; worker: number }
}

/** Sends so many texts, spread over all instances and their contacts, and waits until the last is sent. */
export async function sendThrough(path: PathStage, messages: number, pace: Pace): Promise<SendRound> {
  const chats = path.instances.flatMap(({ id, contacts }) => contacts.map((to) => ({ id, to })))
  const posts = Array.from({ length: messages }, (_, n): Post => {
    // Instance by instance, so that neighbours in time are neighbours in nothing else.
    const { id, to } =
      chats[(n * path.instances[0]!.contacts.length + Math.floor(n / path.instances.length)) % chats.length]!
    return { path: `/api/v1/instances/${id}/messages`, body: { to, type: 'text', text: { body: `message ${n}` } } }
  })
  const [cpu, trips] = [await path.cpu(), await path.roundTrips()]
  const times = await path.customer.post(path.edge.url, path.apiKey, posts, pace)
  await path.log.untilSent()
  const [cpuAfter, tripsAfter] = [await path.cpu(), await path.roundTrips()]
  const sentAt = await path.log.sentAt(times.map(({ messageId }) => messageId))
  const first = Math.min(...times.map(({ startedAt }) => startedAt))
  const last = Math.max(...sentAt.values())
  return {
    perSecond: (messages * 1000) / (last - first),
    acceptMs: times.map(({ acceptMs }) => acceptMs),
    sentMs: times.map(({ startedAt, messageId }) => (sentAt.get(messageId) ?? Number.NaN) - startedAt),
    cpuMs: cpuBetween(cpu, cpuAfter),
    roundTrips: { edge: tripsAfter.edge - trips.edge, worker: tripsAfter.worker - trips.worker },
  }
}

/** Milliseconds of each part of the path; of the database NaN where it runs on another machine. */
export interface CpuOfPath {
  edge: number
  worker: number
  database: number
}

export function cpuBetween(before: CpuSoFar, after: CpuSoFar): CpuOfPath {
  return {
    edge: after.edge - before.edge,
    worker: after.worker - before.worker,
    database: cpuMsBetween(before.database, after.database),
  }
}

/** Percentile of each round. */
export function eachRound(rounds: readonly (readonly number[])[], share: number): number[] {
  return rounds.map((values) => percentile(values, share))
}
