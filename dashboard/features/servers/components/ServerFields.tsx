import { TextField } from '#dashboard/components/Field.tsx'
import { serverLabels } from '#dashboard/features/servers/server-texts.ts'
import type { Texts } from '#dashboard/lib/edit-texts.ts'

/** What is said of a server; empty where that is unknown. */
export function ServerFields({ texts = {}, errors }: { texts?: Texts; errors: Record<string, string> }) {
  return (
    <>
      <TextField
        name="name"
        label={serverLabels.name}
        placeholder="sao-paulo-1"
        defaultValue={texts['name']}
        error={errors['name']}
      />
      <TextField
        name="url"
        label={serverLabels.url}
        type="url"
        placeholder="https://sao-paulo-1.example.com"
        hint="Where the service reaches its worker: a host name with a public certificate."
        defaultValue={texts['url']}
        error={errors['url']}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="region"
          label={serverLabels.region}
          placeholder="sa-east"
          hint="Instances are moved within it."
          defaultValue={texts['region']}
          error={errors['region']}
        />
        <TextField
          name="max_capacity"
          label={serverLabels.max_capacity}
          inputMode="numeric"
          placeholder="100"
          hint="Instances at most, up to 500."
          defaultValue={texts['max_capacity']}
          error={errors['max_capacity']}
        />
        <TextField
          name="ip_address"
          label={serverLabels.ip_address}
          placeholder="203.0.113.7"
          defaultValue={texts['ip_address']}
          error={errors['ip_address']}
        />
        <TextField
          name="provider"
          label={serverLabels.provider}
          placeholder="Optional"
          defaultValue={texts['provider']}
          error={errors['provider']}
        />
        <TextField
          name="cost_per_month"
          label={serverLabels.cost_per_month}
          inputMode="decimal"
          placeholder="Optional"
          hint="In whatever currency you count."
          defaultValue={texts['cost_per_month']}
          error={errors['cost_per_month']}
        />
      </div>
    </>
  )
}
