import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { InstanceView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { createApiClient, type ApiClient } from '#local/client/api-client.ts'
import { pairByQr, whenConnected } from '#local/demo/pair-instance.ts'
import { createCustomer } from '#local/stack/create-customer.ts'
import { silentProgress } from '#local/stack/progress.ts'
import { startStack, type Stack } from '#local/stack/start-stack.ts'
import { openLogFile } from '#local/stack/log-file.ts'
import type { TestPostgres } from '#local/testing/start-test-postgres.ts'
import type { EndpointKind } from '#tests/faults/history/histories.ts'
import type { Phone, Simulator } from '#simulator/api.ts'
import { createEndpoints, type Endpoints } from './endpoints.ts'
import { onceThere } from './once-there.ts'
import { createLinks, type Links } from './links.ts'
import { createRunDatabase, type RunDatabase } from './run-database.ts'

/** A paired instance with the phones that it talks to. */
export interface StageSession {
  instanceId: InstanceId
  apiKey: string
  api: ApiClient
  own: Phone
  chats: StageChat[]
}

export interface StageChat {
  /** Names the chat in every text: session and contact, such as `3.1`. */
  name: string
  contact: Phone
  /** The jid of the group that the contact writes to. What goes out goes to the contact all the same. */
  group?: string
}

/** The whole product on this machine with a proxy in every way between its parts, and paired sessions. */
export interface Stage {
  folder: string
  stack: Stack
  simulator: Simulator
  database: RunDatabase
  links: Links
  endpoints: Endpoints
  sessions: StageSession[]
  /** The API through a proxy. */
  apiUrl: string
  /** Ends everything that was started, newest first. May be called twice. */
  stop(): Promise<void>
}

export interface StageOptions {
  /** For histories, logs and the simulator's state. */
  folder: string
  postgres: TestPostgres
  workers: number
  sessions: number
  chatsPerSession: number
  random: () => number
}

const workerEntry = fileURLToPath(new URL('../worker/faulty-worker.ts', import.meta.url))
const pairedAtOnce = 4
const connectTimeoutMs = 90_000
/** Beside its healthy endpoint each customer has one of these. */
const badKinds = ['slow', 'failing', 'resetting'] as const satisfies EndpointKind[]

/** Starts and pairs everything; when something fails, what was started is stopped and the failure is thrown. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const opened: { stop(): Promise<void> }[] = []
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= stopAll(opened))
  try {
    await mkdir(options.folder, { recursive: true })
    const database = await createRunDatabase(options.postgres)
    opened.push({ stop: () => database.drop() })
    const links = createLinks()
    opened.push(links)
    const log = openLogFile(path.join(options.folder, 'stack.log'))
    opened.push(log)
    const stack = await startStack(
      {
        dataDir: path.join(options.folder, 'stack'),
        databaseUrl: database.url,
        workers: options.workers,
        workerEntry,
        workerEnv: { FAULT_RIG_FOLDER: options.folder },
        reroute: links.reroute,
        log: (line) => log.line(`${new Date().toISOString()} ${line}`),
      },
      silentProgress,
    )
    opened.push(stack)
    const { simulator } = stack
    if (simulator === undefined) throw new Error('The stack has no simulator.')
    const endpoints = createEndpoints(options.random)
    opened.push(endpoints)
    const sessions = await makeSessions(stack, simulator, endpoints, options)
    // Only now: pairing is not what this rig is about.
    const apiUrl = await links.lead('client-edge', stack.url)
    return { folder: options.folder, stack, simulator, database, links, endpoints, sessions, apiUrl, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** One customer per kind of bad endpoint; sessions go round. */
async function makeSessions(
  stack: Stack,
  simulator: Simulator,
  endpoints: Endpoints,
  { sessions, chatsPerSession }: StageOptions,
): Promise<StageSession[]> {
  const customers: { apiKey: string; api: ApiClient }[] = []
  for (const kind of badKinds) {
    const { apiKey } = await onceThere(() => createCustomer(stack.customers, { name: kind, plan: 'enterprise' }))
    const api = createApiClient(stack.url, apiKey)
    await endpoints.add(api, 'healthy')
    await endpoints.add(api, kind)
    customers.push({ apiKey, api })
  }
  const made: StageSession[] = []
  let next = 0
  async function makeSome(): Promise<void> {
    for (let index = next++; index < sessions; index = next++) {
      const customer = customers[index % customers.length]
      if (customer === undefined) return
      const { api } = customer
      const own = await simulator.makePhone({ name: `Own ${index}` })
      const body = { name: `rig ${index}` }
      const headers = { 'idempotency-key': `rig-instance-${index}` }
      const { data } = await onceThere(() => api.request<InstanceView>('POST', '/api/v1/instances', { body, headers }))
      await pairByQr(api, data.id, own)
      await whenConnected(api, data.id, connectTimeoutMs)
      const chats = await Promise.all(
        Array.from({ length: chatsPerSession }, (_, contact) => makeChat(simulator, `${index}.${contact}`)),
      )
      made[index] = { instanceId: data.id, ...customer, own, chats }
    }
  }
  // All have ended before a failure is told: what they still began would outlive the stage.
  const ends = await Promise.allSettled(Array.from({ length: pairedAtOnce }, makeSome))
  const failure = ends.find((end) => end.status === 'rejected')
  if (failure !== undefined) throw failure.reason
  return made
}

/** A chat with a phone of its own, which writes to the instance or to a group that both are in. */
export async function makeChat(
  simulator: Simulator,
  name: string,
  kind: 'contact' | 'group' = 'contact',
): Promise<StageChat> {
  const contact = await simulator.makePhone({ name: `Contact ${name}` })
  return kind === 'contact'
    ? { name, contact }
    : { name, contact, group: `120363${contact.phoneNumber.slice(-12)}@g.us` }
}

async function stopAll(opened: { stop(): Promise<void> }[]): Promise<void> {
  const failures: unknown[] = []
  for (const part of opened.toReversed()) await part.stop().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
