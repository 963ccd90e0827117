import { instances } from '#db/schema/instances.ts'

/** Selects an Instance from `instances`. */
export const instanceColumns = {
  id: instances.id,
  customerId: instances.customerId,
  name: instances.name,
  desired: instances.desired,
  state: instances.state,
  reason: instances.reason,
  phoneNumber: instances.phoneNumber,
  stateChangedAt: instances.stateChangedAt,
  createdAt: instances.createdAt,
}
