import { useMemo, useState } from 'react'
import type { z } from 'zod'
import type { sessionViewSchema } from '#contracts/http/admin-auth.ts'
import { Badge } from '#dashboard/components/Badge.tsx'
import { Button } from '#dashboard/components/Button.tsx'
import { Card } from '#dashboard/components/Card.tsx'
import { ConfirmDialog } from '#dashboard/components/ConfirmDialog.tsx'
import { DataTable, type Column } from '#dashboard/components/DataTable.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { useSecurityChanges } from '#dashboard/features/security/api/change-security.ts'
import { describeBrowser } from '#dashboard/features/security/describe-browser.ts'

type Session = z.output<typeof sessionViewSchema>

/** Where else one is logged in. */
export function SessionsCard({ sessions }: { sessions: Session[] }) {
  const [ending, setEnding] = useState<Session>()
  const [leaving, setLeaving] = useState(false)
  const { endOther, logOutEverywhere } = useSecurityChanges()
  const columns = useMemo(() => sessionColumns(setEnding), [])
  return (
    <Card
      flush
      title="Sessions"
      hint="Browsers in which you are logged in."
      actions={<Button onClick={() => setLeaving(true)}>Log out everywhere</Button>}
    >
      <DataTable label="Sessions" columns={columns} rows={sessions} />
      <ConfirmDialog
        open={ending !== undefined}
        onOpenChange={() => setEnding(undefined)}
        danger
        title="End this session?"
        action="End it"
        run={async () => {
          if (ending === undefined) return
          await endOther(ending.id)
          notify('The session has ended.')
        }}
      >
        {describeBrowser(ending?.user_agent)} at {ending?.address ?? 'an unknown address'} is logged out at once. Change
        your password too if it is not yours.
      </ConfirmDialog>
      <ConfirmDialog
        open={leaving}
        onOpenChange={setLeaving}
        danger
        title="Log out everywhere?"
        action="Log out everywhere"
        run={logOutEverywhere}
      >
        All your sessions end, this one too.
      </ConfirmDialog>
    </Card>
  )
}

function sessionColumns(onEnd: (session: Session) => void): Column<Session>[] {
  return [
    {
      id: 'browser',
      header: 'Browser',
      cell: ({ row: { original } }) => (
        <div className="flex flex-wrap items-center gap-2" title={original.user_agent ?? undefined}>
          {describeBrowser(original.user_agent)}
          {original.current && <Badge tone="accent">This one</Badge>}
        </div>
      ),
    },
    { id: 'address', header: 'Address', minor: true, cell: ({ row: { original } }) => original.address ?? 'Unknown' },
    { id: 'since', header: 'Since', cell: ({ row: { original } }) => <Time value={original.created_at} /> },
    {
      id: 'used',
      header: 'Last used',
      minor: true,
      cell: ({ row: { original } }) => <Time ago value={original.refreshed_at} />,
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">Actions</span>,
      cell: ({ row: { original } }) =>
        original.current ? null : (
          <div className="text-right">
            <Button kind="quiet" onClick={() => onEnd(original)}>
              End
            </Button>
          </div>
        ),
    },
  ]
}
