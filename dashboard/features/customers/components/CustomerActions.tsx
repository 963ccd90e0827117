import { useNavigate } from '@tanstack/react-router'
import { ChevronDown, CirclePause, CirclePlay, KeyRound, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { CustomerDetail } from '#contracts/http/customers.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { ConfirmDialog } from '#dashboard/components/ConfirmDialog.tsx'
import { Dialog, DialogActions } from '#dashboard/components/Dialog.tsx'
import { Menu, MenuItem, MenuSeparator } from '#dashboard/components/Menu.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { useCustomerChanges } from '#dashboard/features/customers/api/change-customer.ts'
import { useMay } from '#dashboard/lib/session.ts'
import { EditCustomerDialog } from './EditCustomerDialog.tsx'
import { KeyShown } from './KeyShown.tsx'

type Asked = 'edit' | 'suspend' | 'activate' | 'regenerate' | 'delete'

/** What an admin can do to a customer; a viewer sees nothing of it. */
export function CustomerActions({ customer }: { customer: CustomerDetail }) {
  const [asked, setAsked] = useState<Asked>()
  const [secret, setSecret] = useState<string>()
  const changes = useCustomerChanges()
  const navigate = useNavigate()
  if (!useMay('admin')) return null

  const { id, name, status } = customer
  const dialog = (which: Asked) => ({
    open: asked === which,
    onOpenChange: (open: boolean) => setAsked(open ? which : undefined),
  })
  const suspended = status === 'suspended'
  return (
    <>
      <Button onClick={() => setAsked('edit')}>
        <Pencil aria-hidden /> Edit
      </Button>
      <Menu
        trigger={
          <Button>
            More <ChevronDown aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={() => setAsked(suspended ? 'activate' : 'suspend')}>
          {suspended ? <CirclePlay aria-hidden /> : <CirclePause aria-hidden />} {suspended ? 'Activate' : 'Suspend'}
        </MenuItem>
        <MenuItem onSelect={() => setAsked('regenerate')}>
          <KeyRound aria-hidden /> Replace all keys
        </MenuItem>
        <MenuSeparator />
        <MenuItem danger onSelect={() => setAsked('delete')}>
          <Trash2 aria-hidden /> Delete
        </MenuItem>
      </Menu>

      <EditCustomerDialog {...dialog('edit')} customer={customer} />
      <ConfirmDialog
        {...dialog('suspend')}
        danger
        title="Suspend this customer?"
        action="Suspend"
        run={async () => {
          await changes.suspend(id)
          notify(`${name} is suspended: requests answer 403 and sessions stop.`)
        }}
      >
        Every request of <bdi>{name}</bdi> is refused from now on, and its sessions stop. Nothing is deleted; activate
        it to undo this.
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog('activate')}
        title="Activate this customer?"
        action="Activate"
        run={async () => {
          await changes.activate(id)
          notify(`${name} is active again; its sessions start.`)
        }}
      >
        The keys of <bdi>{name}</bdi> open again, and sessions that should run start.
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog('regenerate')}
        danger
        title="Replace all keys?"
        action="Revoke all and make a new one"
        run={async () => {
          const { data } = await changes.regenerateKey(id)
          setSecret(data.secret ?? '')
        }}
      >
        All keys of <bdi>{name}</bdi> stop working at once. The one new key has every scope and is shown once: for keys
        that leaked or are lost.
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog('delete')}
        danger
        title="Delete this customer?"
        action="Delete for good"
        typed={name}
        run={async () => {
          await changes.remove(id)
          notify(`${name} is deleted.`)
          await navigate({ to: '/customers' })
        }}
      >
        The keys of <bdi>{name}</bdi> die, its sessions stop and their credentials are erased, and messages in the queue
        are cancelled. It cannot be undone.
      </ConfirmDialog>
      <Dialog
        open={secret !== undefined}
        onOpenChange={() => setSecret(undefined)}
        dismissable={false}
        title="The new key"
        description="The keys before it are revoked."
      >
        <KeyShown secret={secret ?? ''} />
        <DialogActions>
          <Button kind="primary" onClick={() => setSecret(undefined)}>
            Done
          </Button>
        </DialogActions>
      </Dialog>
    </>
  )
}
