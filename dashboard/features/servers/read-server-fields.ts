import type { FormFields } from '#dashboard/lib/form-fields.ts'

/** What the fields of a server say, as the API takes it. Number of cores and memory are told by its worker. */
export function readServerFields(fields: FormFields) {
  const provider = fields.text('provider').trim()
  return {
    name: fields.text('name').trim(),
    url: fields.text('url').trim().replace(/\/$/, ''),
    region: fields.text('region'),
    ip_address: fields.text('ip_address').trim(),
    max_capacity: fields.number('max_capacity') ?? Number.NaN,
    provider: provider === '' ? null : provider,
    cost_per_month: fields.number('cost_per_month') ?? null,
  }
}
