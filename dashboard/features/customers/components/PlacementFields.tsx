import { SelectField, TextField } from '#dashboard/components/Field.tsx'
import { useServerNames } from '#dashboard/features/servers/api/use-server-names.ts'

interface Placement {
  region: string
  assign_server: string
}

/** Where a customer's new instances go. */
export function PlacementFields({ texts, errors }: { texts: Placement; errors: Record<string, string> }) {
  const { data: servers = [] } = useServerNames()
  const named = servers.map(({ id, name, region }) => [id, `${name} (${region})`] as const)
  // The names may still be on their way, or there may be more servers than the list has.
  const chosen = texts.assign_server
  const isNamed = chosen === 'auto' || named.some(([id]) => id === chosen)
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        name="region"
        label="Region"
        placeholder="any"
        defaultValue={texts.region}
        hint="New instances go to its servers while one has room."
        error={errors['region']}
      />
      <SelectField
        name="assign_server"
        label="Server"
        defaultValue={chosen}
        options={[['auto', 'Chosen by load'], ...(isNamed ? [] : [[chosen, chosen] as const]), ...named]}
        hint="It takes new instances while it has room."
        error={errors['assign_server']}
      />
    </div>
  )
}
