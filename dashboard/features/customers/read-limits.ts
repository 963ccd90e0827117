import { limitOverridesSchema, type LimitOverrides } from '#contracts/plans.ts'
import type { FormFields } from '#dashboard/lib/form-fields.ts'

/** What stands in a field for no limit. */
export const unlimited = 'unlimited'

export const limitNames = limitOverridesSchema.keyof().options

/** The fields `limit_overrides.<name>` as the API takes them: an empty one is the plan's, and so absent. */
export function readLimits(fields: FormFields): LimitOverrides {
  const limits: LimitOverrides = {}
  for (const name of limitNames) {
    const field = `limit_overrides.${name}`
    const without = fields.text(field).trim().toLowerCase() === unlimited
    const limit = without ? null : fields.number(field)
    if (limit !== undefined) limits[name] = limit
  }
  return limits
}
