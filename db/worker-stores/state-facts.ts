import { sql, type SQL } from 'drizzle-orm'
import { newId, type InstanceId } from '#contracts/ids.ts'
import type { InstanceState, StateReason } from '#contracts/instance-states.ts'
import { presentStateChange } from '#core/rules/present-instance.ts'

/**
 * The CTE `facts` about an instance's state: one event when the CTE `changed (id, phone_number)` has a row. The phone
 * number is the row's, the rest is known before.
 */
export function stateFacts(change: { id: InstanceId; state: InstanceState; reason: StateReason | null }): SQL {
  const data = JSON.stringify(presentStateChange({ ...change, phoneNumber: null }))
  return sql`facts AS (
    SELECT id AS instance_id, 1::bigint AS position, 1::bigint AS total, ${newId('event')}::text AS event_id,
      'instance.state_changed'::text AS type,
      ${data}::jsonb || jsonb_build_object('phone_number', phone_number) AS data,
      id AS lane
    FROM changed
  )`
}
