import { ArrowLeftRight, ChevronDown, CirclePlay, Link2, LogOut, RotateCw } from 'lucide-react'
import { useState } from 'react'
import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { ConfirmDialog } from '#dashboard/components/ConfirmDialog.tsx'
import { Menu, MenuItem, MenuSeparator } from '#dashboard/components/Menu.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { useInstanceChanges } from '#dashboard/features/instances/api/change-instance.ts'
import { useMay } from '#dashboard/lib/session.ts'
import { MoveDialog } from './MoveDialog.tsx'
import { PairingLinkDialog } from './PairingLinkDialog.tsx'

type Asked = 'start' | 'restart' | 'move' | 'link' | 'log-out'

/** What an admin can do to an instance; a viewer sees nothing of it. */
export function InstanceActions({ instance }: { instance: FleetInstanceView }) {
  const [asked, setAsked] = useState<Asked>()
  const changes = useInstanceChanges(instance.id)
  if (!useMay('admin')) return null

  const { name } = instance
  const dialog = (which: Asked) => ({
    open: asked === which,
    onOpenChange: (open: boolean) => setAsked(open ? which : undefined),
  })
  const running = instance.desired === 'running'
  return (
    <>
      {running ? (
        <Button onClick={() => setAsked('restart')}>
          <RotateCw aria-hidden /> Restart
        </Button>
      ) : (
        <Button onClick={() => setAsked('start')}>
          <CirclePlay aria-hidden /> Start
        </Button>
      )}
      <Button onClick={() => setAsked('move')}>
        <ArrowLeftRight aria-hidden /> Move
      </Button>
      <Menu
        trigger={
          <Button>
            More <ChevronDown aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={() => setAsked('link')}>
          <Link2 aria-hidden /> Create pairing link
        </MenuItem>
        {running && (
          <>
            <MenuSeparator />
            <MenuItem danger onSelect={() => setAsked('log-out')}>
              <LogOut aria-hidden /> Log out
            </MenuItem>
          </>
        )}
      </Menu>

      <MoveDialog {...dialog('move')} instance={instance} />
      <PairingLinkDialog {...dialog('link')} instance={instance} />
      <ConfirmDialog
        {...dialog('start')}
        title="Start this instance?"
        action="Start"
        run={async () => {
          await changes.start()
          notify(`${name} is started.`)
        }}
      >
        <bdi>{name}</bdi> connects again, or shows a code to scan when no phone is linked.
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog('restart')}
        title="Restart this instance?"
        action="Restart"
        run={async () => {
          await changes.restart()
          notify(`${name} is restarted.`)
        }}
      >
        The connection of <bdi>{name}</bdi> to WhatsApp is closed and opened anew; the phone stays linked. Messages wait
        in the queue meanwhile.
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog('log-out')}
        danger
        title="Log this instance out?"
        action="Log out"
        run={async () => {
          await changes.logOut()
          notify(`${name} is logged out.`)
        }}
      >
        The phone of <bdi>{name}</bdi> unlinks this device, and nothing is sent or received any more until somebody
        links a phone again. Nothing brings the link back.
      </ConfirmDialog>
    </>
  )
}
