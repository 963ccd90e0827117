import type { InstanceId } from '#contracts/ids.ts'

/** Additional data of each sealed value: it names the row, so that a value that was moved to another row does not open. */
export function keyPlace(instanceId: InstanceId, type: string, id: string): string {
  return JSON.stringify([instanceId, type, id])
}

export function credentialsPlace(instanceId: InstanceId): string {
  return keyPlace(instanceId, 'credentials', '')
}
