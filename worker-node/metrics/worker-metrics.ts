import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { disabledReasonSchema } from '#contracts/events.ts'
import { instanceStates } from '#contracts/instance-states.ts'
import type { ServerCommand, WorkerCommand } from '#contracts/worker-protocol.ts'
import type { AttemptVerdict } from '#core/ports/deliveries.ts'
import type { CloseCause, SendOutcome } from '#core/ports/driver.ts'
import { version } from '#worker-node/version.ts'

/** Names of prom-client's own set that end in `_total` without being counters, which Prometheus' linter refuses. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** From a local round trip to the longest that anything here waits. */
const quick = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const slow = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60]
/** A message may wait for its session for as long as it may live: a day. */
const patient = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200, 86_400]

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>

/** A command's label: a name that a stranger made up must not become a series of its own. */
export type CommandLabel = WorkerCommand | ServerCommand | 'unknown'

/**
 * Everything that a worker counts, in a registry of its own; docs/metrics.md explains each. Labels come from small closed
 * sets: never an id, an address or a text. What is read when Prometheus asks (`observe` below) is not kept up to date.
 */
export function createWorkerMetrics() {
  const registry = new Registry()
  const registers = [registry]
  const counter = <L extends string = never>(name: string, help: string, ...labelNames: L[]) =>
    new Counter<L>({ name, help, labelNames, registers })
  const gauge = <L extends string = never>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge<L>({ name, help, labelNames, registers })
  const histogram = <L extends string = never>(name: string, help: string, buckets: number[], ...labelNames: L[]) =>
    new Histogram<L>({ name, help, labelNames, buckets, registers })

  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  gauge('wharf_build_info', 'Always 1; the version of Wharf and of Node as labels.', 'version', 'node_version').set(
    { version, node_version: process.version },
    1,
  )

  const metrics = {
    registry,

    sessions: gauge('wharf_sessions', 'Sessions of this worker by the state of their instance.', 'state'),
    leaseHeld: gauge('wharf_server_lease_held', 'Whether this worker holds the lease of its server: 1 or 0.'),
    leaseRequests: counter(
      'wharf_server_lease_requests_total',
      'Claims and renewals of the lease of the server, by what the database answered.',
      'request',
      'outcome',
    ),
    leaseRequestSeconds: histogram(
      'wharf_server_lease_request_seconds',
      'Time until the database answered a claim or a renewal of the lease.',
      quick,
      'request',
    ),
    instancesAcquired: counter('wharf_instances_acquired_total', 'Instances that this worker became the owner of.'),
    instancesTakenOver: counter(
      'wharf_instances_taken_over_total',
      'Instances of lost servers that this worker placed anew, on its own server or another.',
    ),
    serversLost: counter('wharf_servers_lost_total', 'Leases of dead servers that this worker ended.'),
    leaving: gauge('wharf_instances_leaving', 'Sessions of this worker whose instances are placed on another server.'),
    fencedWrites: counter(
      'wharf_fenced_writes_total',
      'Writes of a session that the database refused because its ownership had moved on.',
    ),

    connectionsOpened: counter('wharf_whatsapp_logins_total', 'Connections that logged in to WhatsApp.'),
    connectionsClosed: counter(
      'wharf_whatsapp_disconnects_total',
      'Connections and attempts to connect to WhatsApp that ended, by cause.',
      'cause',
    ),

    readyChats: gauge(
      'wharf_outbox_ready_chats',
      'Chats of connected sessions that had a message to send when the outbox was last read.',
    ),
    attempts: counter('wharf_outbox_attempts_total', 'Attempts to send a message, by outcome.', 'outcome'),
    ackSeconds: histogram(
      'wharf_outbox_ack_seconds',
      "Time from handing a message to its session until the acknowledgement of WhatsApp's server.",
      slow,
    ),
    messagesSettled: counter('wharf_messages_settled_total', 'Outbound messages that left the outbox.', 'status'),
    acceptanceToSentSeconds: histogram(
      'wharf_message_acceptance_to_sent_seconds',
      'Time from accepting a message until it was recorded as sent.',
      patient,
    ),
    receipts: counter('wharf_receipts_total', 'Receipts of sent messages that were applied.', 'status'),

    journaled: counter(
      'wharf_inbound_journaled_total',
      'Inbound plaintexts that became durable, retransmissions included.',
    ),
    projected: counter(
      'wharf_inbound_projected_total',
      'Journaled rows that were projected: to a message, to one that was known, to one that could not be decrypted, or to nothing.',
      'result',
    ),
    undecodable: counter('wharf_inbound_undecodable_total', 'Journaled plaintexts that could not be decoded.'),
    projectionLag: gauge(
      'wharf_inbound_projection_lag_seconds',
      'Age of the oldest journaled plaintext that was not projected when the journal was last read; 0 without one.',
    ),

    webhookClaims: counter('wharf_webhook_claims_total', 'Webhook deliveries that this worker claimed.'),
    webhookAttempts: counter('wharf_webhook_attempts_total', 'Attempts to deliver a webhook, by verdict.', 'verdict'),
    webhookAttemptSeconds: histogram(
      'wharf_webhook_attempt_seconds',
      'Duration of an attempt to deliver a webhook.',
      slow,
    ),
    webhookRunning: gauge('wharf_webhook_attempts_running', 'Attempts to deliver a webhook that are on their way.'),
    webhookBreakersOpen: gauge(
      'wharf_webhook_breakers_open',
      'Webhook endpoints that fail, so that this worker only probes them.',
    ),
    webhookBreakersOpened: counter(
      'wharf_webhook_breaker_openings_total',
      'How often a webhook endpoint began to be only probed, because it failed 10 times in a row.',
    ),
    webhookDisabled: counter(
      'wharf_webhook_endpoints_disabled_total',
      'Webhook endpoints that this worker disabled, by reason.',
      'reason',
    ),

    databaseErrors: counter(
      'wharf_database_errors_total',
      'Operations on the database that failed: it was away, or for any other reason.',
      'store',
      'kind',
    ),
    databaseRoundTrips: counter(
      'wharf_database_round_trips_total',
      'Statements that this worker sent to the database, each of which is one round trip.',
    ),
    databaseSeconds: histogram(
      'wharf_database_operation_seconds',
      'Duration of an operation on the database.',
      quick,
      'store',
    ),

    commands: counter(
      'wharf_commands_total',
      'Commands of the edge, by name and by the code of the answer.',
      'command',
      'code',
    ),
    commandSeconds: histogram(
      'wharf_command_seconds',
      'Time until a command of the edge was answered.',
      slow,
      'command',
    ),
  }
  startAtZero(metrics)
  return metrics
}

const sendOutcomes = [
  'acked',
  'unconfirmed',
  'not-on-whatsapp',
  'withdrawn',
  'refused',
  'invalid',
] as const satisfies readonly SendOutcome['outcome'][]
const attemptVerdicts = [
  'delivered',
  'retry',
  'probe-failed',
  'dead',
  'undeliverable',
  'endpoint-gone',
] as const satisfies readonly AttemptVerdict['verdict'][]
const closeCauses: readonly CloseCause['kind'][] = [
  'connection-lost',
  'unavailable',
  'logged-out',
  'replaced',
  'temporary-ban',
]

/** A series that begins with its first increase hides that increase from `rate()`. */
function startAtZero(metrics: Omit<WorkerMetrics, 'registry'>): void {
  for (const request of ['claim', 'renew'])
    for (const outcome of ['granted', 'refused', 'failed']) metrics.leaseRequests.inc({ request, outcome }, 0)
  for (const outcome of sendOutcomes) metrics.attempts.inc({ outcome }, 0)
  for (const cause of closeCauses) metrics.connectionsClosed.inc({ cause }, 0)
  for (const status of ['sent', 'failed', 'expired']) metrics.messagesSettled.inc({ status }, 0)
  for (const status of ['delivered', 'read']) metrics.receipts.inc({ status }, 0)
  for (const result of ['message', 'duplicate', 'undecryptable', 'nothing']) metrics.projected.inc({ result }, 0)
  for (const verdict of [...attemptVerdicts, 'claim-lost']) metrics.webhookAttempts.inc({ verdict }, 0)
  for (const reason of disabledReasonSchema.options) metrics.webhookDisabled.inc({ reason }, 0)
}

/** Has the gauges of what a worker is right now read when Prometheus asks. */
export function readWhenAsked(
  metrics: WorkerMetrics,
  worker: {
    sessions: () => Partial<Record<string, number>>
    leaseHeld: () => boolean
    webhooks: () => { running: number; openBreakers: number }
    leaving: () => number
  },
): () => Promise<string> {
  const { registry, sessions, leaseHeld, leaving, readyChats, projectionLag } = metrics
  return () => {
    const webhooks = worker.webhooks()
    metrics.webhookRunning.set(webhooks.running)
    metrics.webhookBreakersOpen.set(webhooks.openBreakers)
    const counts = worker.sessions()
    for (const state of instanceStates) sessions.set({ state }, counts[state] ?? 0)
    // Nobody looks into outbox and journal for sessions that are not there, so what was seen last is no longer true.
    if ((counts.connected ?? 0) === 0) readyChats.set(0)
    if (Object.keys(counts).length === 0) projectionLag.set(0)
    leaving.set(worker.leaving())
    leaseHeld.set(worker.leaseHeld() ? 1 : 0)
    return registry.metrics()
  }
}
