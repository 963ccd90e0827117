import type { ApiAttempt, DatabaseRecord, Histories, WireRecord } from '#tests/faults/history/histories.ts'
import { parseText } from '#tests/faults/history/histories.ts'
import type { Stage } from './open-stage.ts'

/** The histories as they stand now. */
export async function collectHistories(stage: Stage, api: ApiAttempt[]): Promise<Omit<Histories, 'writes'>> {
  return { api, wire: wireOf(stage), database: await databaseOf(stage), webhooks: stage.endpoints.history() }
}

function wireOf({ sessions }: Stage): WireRecord[] {
  return sessions.flatMap(({ chats }) =>
    chats.flatMap(({ contact }) =>
      contact.shown().flatMap(({ fromMe, body, id, rawStanzas }): WireRecord[] => {
        if (parseText(body) === undefined) return []
        if (!fromMe) return [{ kind: 'shown', body, waMessageId: id, rawStanzas }]
        // The own phone confirms too; what counts is the instance's device.
        const receipt = contact.sentStatus(id)?.deliveredTo.some((jid) => jid.includes(':')) ?? false
        return [{ kind: 'written', body, waMessageId: id, receipt }]
      }),
    ),
  )
}

async function databaseOf({ database }: Stage): Promise<DatabaseRecord[]> {
  const messages = await database.query<{
    id: string
    instanceId: string
    direction: 'outbound' | 'inbound'
    waMessageId: string
    body: string | null
    status: string
    attempts: number
  }>(`
    SELECT id, instance_id AS "instanceId", direction, wa_message_id AS "waMessageId",
      content -> 'text' ->> 'body' AS body, status, attempts
    FROM messages ORDER BY seq`)
  const events = await database.query<{
    id: string
    instanceId: string
    sequence: string
    type: string
    messageId: string
  }>(`
    SELECT id, instance_id AS "instanceId", sequence, type, data ->> 'id' AS "messageId"
    FROM events WHERE type LIKE 'message.%' ORDER BY instance_id, sequence`)
  const deliveries = await database.query<{ eventId: string; endpointId: string; status: string; attempts: number }>(`
    SELECT d.event_id AS "eventId", d.endpoint_id AS "endpointId", d.status, d.attempts
    FROM deliveries d JOIN events e ON e.id = d.event_id WHERE e.type LIKE 'message.%' ORDER BY d.seq`)
  const journal = await database.query<{ instanceId: string; seq: string; epoch: string }>(
    'SELECT instance_id AS "instanceId", seq, epoch FROM inbound_journal ORDER BY seq',
  )
  const epochs = await database.query<{ instanceId: string; epoch: string; at: Date }>(
    'SELECT instance_id AS "instanceId", epoch, at FROM fault_rig_epochs ORDER BY at',
  )
  return [
    ...messages.map((row) => ({ kind: 'message' as const, ...row, body: row.body ?? '' })),
    ...events.map((row) => ({ kind: 'event' as const, ...row, sequence: Number(row.sequence) })),
    ...deliveries.map((row) => ({ kind: 'delivery' as const, ...row })),
    ...journal.map((row) => ({
      kind: 'journal' as const,
      instanceId: row.instanceId,
      seq: Number(row.seq),
      epoch: Number(row.epoch),
    })),
    ...epochs.map((row) => ({
      kind: 'epoch' as const,
      instanceId: row.instanceId,
      epoch: Number(row.epoch),
      atMs: row.at.getTime(),
    })),
  ]
}
