import type { InstanceId } from '#contracts/ids.ts'
import type { Retention } from '#core/ports/retention.ts'
import { retentionMs } from '#core/rules/retention.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { MemoryRows, TableName } from './memory-rows.ts'

export function createMemoryRetention(database: MemoryDatabase): Retention {
  const { tables, now } = database
  const isOver = (since: Date | null, kind: keyof typeof retentionMs) =>
    since !== null && since.getTime() <= now().getTime() - retentionMs[kind]

  function oldest<T extends TableName>(
    table: T,
    limit: number,
    isDue: (row: MemoryRows[T]) => boolean,
    since: (row: MemoryRows[T]) => Date,
  ): Set<MemoryRows[T]> {
    const due = tables[table].filter((row) => isDue(row)).toSorted((a, b) => since(a).getTime() - since(b).getTime())
    return new Set(due.slice(0, limit))
  }

  /** Removes the rows; returns how many there were. */
  const remove = <T extends TableName>(table: T, rows: Set<MemoryRows[T]>) =>
    database.remove(table, (row) => rows.has(row))

  const belongs = (instanceId: InstanceId) => (row: { instanceId: InstanceId | null }) => row.instanceId === instanceId

  return {
    async emptyJournalAcrossCustomers(limit) {
      const isDue = (row: MemoryRows['inboundJournal']) =>
        row.projectedAt !== null && row.plaintext.length > 0 && isOver(row.receivedAt, 'journalPlaintext')
      const rows = oldest('inboundJournal', limit, isDue, (row) => row.receivedAt)
      for (const row of rows) Object.assign(row, { plaintext: new Uint8Array(), stanza: {}, undecodableBy: null })
      return rows.size
    },

    async purgeJournalAcrossCustomers(limit) {
      const isDue = (row: MemoryRows['inboundJournal']) =>
        row.projectedAt !== null && row.plaintext.length === 0 && isOver(row.receivedAt, 'journalHash')
      return remove(
        'inboundJournal',
        oldest('inboundJournal', limit, isDue, (row) => row.receivedAt),
      )
    },

    async purgeUndecryptableAcrossCustomers(limit) {
      const isDue = ({ failedAt }: MemoryRows['undecryptableMessages']) => isOver(failedAt, 'undecryptable')
      return remove(
        'undecryptableMessages',
        oldest('undecryptableMessages', limit, isDue, (row) => row.failedAt),
      )
    },

    async purgeDeliveryAttemptsAcrossCustomers(limit) {
      const isDue = ({ attemptedAt }: MemoryRows['deliveryAttempts']) => isOver(attemptedAt, 'deliveryAttempts')
      return remove(
        'deliveryAttempts',
        oldest('deliveryAttempts', limit, isDue, (row) => row.attemptedAt),
      )
    },

    async purgeEventsAcrossCustomers(limit) {
      const live = new Set(
        tables.webhookEndpoints.flatMap(({ id, status, deletedAt }) =>
          status === 'enabled' && deletedAt === null ? [id] : [],
        ),
      )
      const isAwaited = (id: string) =>
        tables.deliveries.some(
          ({ eventId, endpointId, status }) => eventId === id && status === 'pending' && live.has(endpointId),
        ) || tables.deliveryAttempts.some(({ eventId }) => eventId === id)
      const rows = oldest(
        'events',
        limit,
        ({ id, occurredAt }) => isOver(occurredAt, 'events') && !isAwaited(id),
        (row) => row.occurredAt,
      )
      const ids = new Set([...rows].map(({ id }) => id))
      database.remove('deliveries', ({ eventId }) => ids.has(eventId))
      return remove('events', rows)
    },

    async purgeMessagesAcrossCustomers(limit) {
      const due = tables.messages
        .toSorted((a, b) => a.seq - b.seq)
        .slice(0, limit)
        .filter(({ createdAt, status }) => isOver(createdAt, 'messages') && status !== 'queued' && status !== 'sending')
      return remove('messages', new Set(due))
    },

    async eraseLoggedOutSessionsAcrossCustomers(limit) {
      const credentialsOf = (id: InstanceId) => tables.sessionCredentials.find(belongs(id))
      const rows = oldest(
        'instances',
        limit,
        ({ id, state, stateChangedAt }) =>
          state === 'logged_out' &&
          isOver(stateChangedAt, 'loggedOutSession') &&
          isOver(credentialsOf(id)?.updatedAt ?? null, 'loggedOutSession'),
        (row) => row.stateChangedAt,
      )
      for (const { id } of rows) {
        database.remove('sessionKeys', belongs(id))
        database.remove('sessionCredentials', belongs(id))
      }
      return rows.size
    },

    async purgeDeletedEndpointsAcrossCustomers(limit) {
      const rows = oldest(
        'webhookEndpoints',
        limit,
        ({ id, deletedAt }) =>
          isOver(deletedAt, 'deletedEndpoint') && !tables.deliveries.some(({ endpointId }) => endpointId === id),
        (row) => row.deletedAt ?? now(),
      )
      return remove('webhookEndpoints', rows)
    },

    async purgeDeletedInstancesAcrossCustomers(limit) {
      const { messages, events, inboundJournal, webhookEndpoints } = tables
      const rows = oldest(
        'instances',
        limit,
        ({ id, deletedAt }) =>
          isOver(deletedAt, 'deletedInstance') &&
          ![messages, events, inboundJournal, webhookEndpoints].some((table) => table.some(belongs(id))),
        (row) => row.deletedAt ?? now(),
      )
      for (const { id } of rows) {
        for (const key of tables.apiKeys) if (key.defaultInstanceId === id) key.defaultInstanceId = null
        database.remove('sessionKeys', belongs(id))
        database.remove('sessionCredentials', belongs(id))
        database.remove('contactNumbers', belongs(id))
        database.remove('undecryptableMessages', belongs(id))
        database.remove('instanceCounters', belongs(id))
        database.remove('instanceLeases', belongs(id))
      }
      return remove('instances', rows)
    },

    async purgeMinuteStatsAcrossCustomers(limit) {
      const isDue = ({ minute }: MemoryRows['minuteStats']) => isOver(minute, 'minuteStats')
      return remove(
        'minuteStats',
        oldest('minuteStats', limit, isDue, (row) => row.minute),
      )
    },

    async purgeServerMinutes(limit) {
      const isDue = ({ at }: MemoryRows['serverMinutes']) => isOver(at, 'serverMinutes')
      return remove(
        'serverMinutes',
        oldest('serverMinutes', limit, isDue, (row) => row.at),
      )
    },

    async purgeServerHours(limit) {
      const isDue = ({ at }: MemoryRows['serverHours']) => isOver(at, 'serverHours')
      return remove(
        'serverHours',
        oldest('serverHours', limit, isDue, (row) => row.at),
      )
    },

    async purgeAlertsAcrossCustomers(limit) {
      const isDue = ({ resolvedAt }: MemoryRows['alerts']) => isOver(resolvedAt, 'alerts')
      return remove(
        'alerts',
        oldest('alerts', limit, isDue, (row) => row.resolvedAt ?? now()),
      )
    },

    async purgeAuditLogsAcrossCustomers(limit) {
      const isDue = ({ occurredAt }: MemoryRows['auditLogs']) => isOver(occurredAt, 'auditLogs')
      return remove(
        'auditLogs',
        oldest('auditLogs', limit, isDue, (row) => row.occurredAt),
      )
    },
  }
}
