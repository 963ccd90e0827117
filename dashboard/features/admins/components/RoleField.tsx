import { adminRoles, type AdminRole } from '#contracts/roles.ts'
import { SelectField } from '#dashboard/components/Field.tsx'
import { formatWord } from '#dashboard/lib/format.ts'

const may: Record<AdminRole, string> = {
  viewer: 'reads everything but the audit log',
  admin: 'also changes customers and keys',
  super_admin: 'also manages admins',
}
const options = adminRoles.map((role) => [role, `${formatWord(role)}: ${may[role]}`] as const)

export function RoleField({ chosen, error }: { chosen: AdminRole; error?: string | undefined }) {
  return <SelectField name="role" label="Role" options={options} defaultValue={chosen} error={error} />
}
