import { useNavigate } from '@tanstack/react-router'
import {
  ChevronDown,
  CirclePause,
  CirclePlay,
  CirclePower,
  KeyRound,
  Pencil,
  Scale,
  Trash2,
  Wrench,
} from 'lucide-react'
import { useState } from 'react'
import type { EnrollmentView } from '#contracts/http/enrollment.ts'
import type { ServerView } from '#contracts/http/servers.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { ConfirmDialog } from '#dashboard/components/ConfirmDialog.tsx'
import { Dialog, DialogActions } from '#dashboard/components/Dialog.tsx'
import { Menu, MenuItem, MenuSeparator } from '#dashboard/components/Menu.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { useServerChanges } from '#dashboard/features/servers/api/change-server.ts'
import { formatNumber } from '#dashboard/lib/format.ts'
import { useMay } from '#dashboard/lib/session.ts'
import { EditServerDialog } from './EditServerDialog.tsx'
import { EnrollmentStep } from './EnrollmentStep.tsx'
import { RemoveServerDialog } from './RemoveServerDialog.tsx'
import { ServerStatusDialog } from './ServerStatusDialog.tsx'

type Asked = 'edit' | 'drain' | 'activate' | 'rebalance' | 'maintenance' | 'inactive' | 'token' | 'remove'
type Issued = EnrollmentView & { enrolledBefore: string | null }

/** What an admin can do to a server; a viewer sees nothing of it. */
export function ServerActions({ server }: { server: ServerView }) {
  const [asked, setAsked] = useState<Asked>()
  const [issued, setIssued] = useState<Issued>()
  const changes = useServerChanges()
  const navigate = useNavigate()
  if (!useMay('admin')) return null

  const { id, name, status } = server
  const dialog = (which: Asked) => ({
    open: asked === which,
    onOpenChange: (open: boolean) => setAsked(open ? which : undefined),
  })
  const active = status === 'active'
  const known = server.enrolled_at !== null
  return (
    <>
      <Button onClick={() => setAsked('edit')}>
        <Pencil aria-hidden /> Edit
      </Button>
      {active && (
        <Button onClick={() => setAsked('drain')}>
          <CirclePause aria-hidden /> Drain
        </Button>
      )}
      {!active && known && (
        <Button onClick={() => setAsked('activate')}>
          <CirclePlay aria-hidden /> Activate
        </Button>
      )}
      <Menu
        trigger={
          <Button>
            More <ChevronDown aria-hidden />
          </Button>
        }
      >
        {active && (
          <MenuItem onSelect={() => setAsked('rebalance')}>
            <Scale aria-hidden /> Rebalance
          </MenuItem>
        )}
        {known && status !== 'maintenance' && (
          <MenuItem onSelect={() => setAsked('maintenance')}>
            <Wrench aria-hidden /> Maintenance
          </MenuItem>
        )}
        {status !== 'inactive' && (
          <MenuItem onSelect={() => setAsked('inactive')}>
            <CirclePower aria-hidden /> Out of service
          </MenuItem>
        )}
        <MenuItem onSelect={() => setAsked('token')}>
          <KeyRound aria-hidden /> New enrollment token
        </MenuItem>
        <MenuSeparator />
        <MenuItem danger onSelect={() => setAsked('remove')}>
          <Trash2 aria-hidden /> Remove
        </MenuItem>
      </Menu>

      <EditServerDialog {...dialog('edit')} server={server} />
      <ServerStatusDialog {...dialog('maintenance')} server={server} status="maintenance" />
      <ServerStatusDialog {...dialog('inactive')} server={server} status="inactive" />
      <RemoveServerDialog
        {...dialog('remove')}
        server={server}
        onDrain={() => setAsked('drain')}
        onRemoved={() => navigate({ to: '/servers' })}
      />
      <ConfirmDialog
        {...dialog('drain')}
        title="Drain this server?"
        action="Drain"
        run={async () => {
          await changes.drain(id)
          notify(`${name} is draining: it takes nothing new and hands over what it has.`)
        }}
      >
        <bdi>{name}</bdi> takes nothing new, and its {formatNumber(server.instances.placed)} instances are handed over
        to other servers of <bdi>{server.region}</bdi>, a second or two each. Messages wait in the queue meanwhile; none
        is lost. Activate it to stop this.
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog('activate')}
        title="Activate this server?"
        action="Activate"
        run={async () => {
          await changes.activate(id)
          notify(`${name} is active and takes instances.`)
        }}
      >
        <bdi>{name}</bdi> takes instances again. What has left comes back only by a rebalance.
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog('rebalance')}
        title="Rebalance this server?"
        action="Rebalance"
        run={async () => {
          const { data } = await changes.rebalance(id)
          const count = data.moves.length
          notify(
            count === 0
              ? `${name} holds its share already; nothing is moved.`
              : `${formatNumber(count)} ${count === 1 ? 'instance is' : 'instances are'} on the way.`,
          )
        }}
      >
        The fewest instances are moved between <bdi>{name}</bdi> and other servers of <bdi>{server.region}</bdi>, idle
        ones first, so that it holds its share.
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog('token')}
        title="Make a new enrollment token?"
        action="Make a token"
        run={async () => {
          const { data } = await changes.renewEnrollment(id)
          setIssued({ ...data, enrolledBefore: server.enrolled_at })
        }}
      >
        A token that was made before is worth nothing then.
        {known &&
          ' The worker that enrolls by the new one replaces the present one, for a machine that was set up anew.'}
      </ConfirmDialog>
      <Dialog
        open={issued !== undefined}
        onOpenChange={() => setIssued(undefined)}
        dismissable={false}
        title="Start its worker"
        description="Run this on the machine, in the folder of Wharf:"
      >
        {issued !== undefined && <EnrollmentStep serverId={id} first={issued} enrolledBefore={issued.enrolledBefore} />}
        <DialogActions>
          <Button onClick={() => setIssued(undefined)}>Close</Button>
        </DialogActions>
      </Dialog>
    </>
  )
}
