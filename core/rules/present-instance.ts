import type { EventData } from '#contracts/events.ts'
import type { InstanceView } from '#contracts/http/instances.ts'
import { stateReasons } from '#contracts/instance-states.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { Instance } from '#core/ports/instances.ts'
import type { ShownQr } from '#core/ports/session-leases.ts'

/** An instance as customers see it. */
export function presentInstance(instance: Instance): InstanceView {
  return {
    id: instance.id,
    name: instance.name,
    desired: instance.desired,
    state: instance.state,
    reason: instance.reason,
    reason_text: instance.reason === null ? null : stateReasons[instance.reason],
    phone_number: instance.phoneNumber,
    new_chats_per_minute: instance.newChatsPerMinute,
    new_chats_held_until: instance.newChatsHeldUntil?.toISOString() ?? null,
    slowed_until: instance.slowedUntil?.toISOString() ?? null,
    state_changed_at: instance.stateChangedAt.toISOString(),
    created_at: instance.createdAt.toISOString(),
  }
}

/** `data` of the event `instance.state_changed`. */
export function presentStateChange(
  instance: Pick<Instance, 'id' | 'state' | 'reason' | 'phoneNumber'>,
): EventData<'instance.state_changed'> {
  return {
    instance_id: instance.id,
    state: instance.state,
    reason: instance.reason,
    reason_text: instance.reason === null ? null : stateReasons[instance.reason],
    phone_number: instance.phoneNumber,
  }
}

/** `data` of the event `instance.qr`. */
export function presentQr(instanceId: InstanceId, { qr, expiresAt }: ShownQr): EventData<'instance.qr'> {
  return { instance_id: instanceId, qr, expires_at: expiresAt.toISOString() }
}
