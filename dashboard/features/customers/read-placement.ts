import type { ServerId } from '#contracts/ids.ts'
import type { FormFields } from '#dashboard/lib/form-fields.ts'

/** The fields of PlacementFields as the API takes them: an empty region is any. */
export function readPlacement(fields: FormFields): { region: string | null; assign_server: 'auto' | ServerId } {
  return {
    region: fields.text('region').trim() || null,
    assign_server: fields.text('assign_server') as 'auto' | ServerId,
  }
}
