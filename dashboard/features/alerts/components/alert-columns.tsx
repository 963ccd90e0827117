import type { AlertView } from '#contracts/http/alerts.ts'
import { Badge } from '#dashboard/components/Badge.tsx'
import type { Column } from '#dashboard/components/DataTable.tsx'
import { Details } from '#dashboard/components/Details.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { formatWord } from '#dashboard/lib/format.ts'
import { AlertActions } from './AlertActions.tsx'
import { AlertStanding } from './AlertStanding.tsx'
import { AlertSubject } from './AlertSubject.tsx'

/** As a viewer sees them. */
export const alertColumns: Column<AlertView>[] = [
  {
    id: 'alert',
    header: 'Alert',
    cell: ({ row: { original } }) => (
      <div className="max-w-96 min-w-48">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {formatWord(original.kind)}
          {original.severity === 'critical' && <Badge tone="bad">Critical</Badge>}
        </p>
        <p className="text-xs text-muted">{original.message}</p>
        {Object.keys(original.details).length > 0 && <Details details={original.details} />}
      </div>
    ),
  },
  {
    id: 'subject',
    header: 'About',
    cell: ({ row: { original } }) => (
      <div className="max-w-56 min-w-32 [overflow-wrap:anywhere]">
        <AlertSubject alert={original} />
      </div>
    ),
  },
  { id: 'since', header: 'Since', cell: ({ row: { original } }) => <Time ago value={original.opened_at} /> },
  { id: 'state', header: 'State', cell: ({ row: { original } }) => <AlertStanding alert={original} /> },
]

/** With what an admin can do to each. */
export const alertColumnsToChange: Column<AlertView>[] = [
  ...alertColumns,
  {
    id: 'actions',
    header: () => <span className="sr-only">Actions</span>,
    cell: ({ row: { original } }) => <AlertActions alert={original} />,
  },
]
