import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import type { AdminView } from '#contracts/http/admins.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { ConfirmDialog } from '#dashboard/components/ConfirmDialog.tsx'
import { Dialog } from '#dashboard/components/Dialog.tsx'
import { Menu, MenuItem } from '#dashboard/components/Menu.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { useAdminChanges } from '#dashboard/features/admins/api/change-admin.ts'
import { useSession } from '#dashboard/lib/session.ts'
import { EditAdminForm } from './EditAdminForm.tsx'
import { PasswordShown, type ShownPassword } from './PasswordShown.tsx'

type Asked = 'edit' | 'disable' | 'enable' | 'reset'

export function AdminActions({ admin }: { admin: AdminView }) {
  const [asked, setAsked] = useState<Asked>()
  const [shown, setShown] = useState<ShownPassword>()
  const { update, reset } = useAdminChanges()
  const own = useSession()?.admin.id === admin.id
  const disabled = admin.disabled_at !== null
  const dialog = (which: Asked) => ({
    open: asked === which,
    onOpenChange: (open: boolean) => setAsked(open ? which : undefined),
  })
  return (
    <>
      <Menu
        trigger={
          <Button kind="quiet" aria-label={`Actions for ${admin.email}`}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={() => setAsked('edit')}>Edit name and role</MenuItem>
        {!own && <MenuItem onSelect={() => setAsked('reset')}>Reset password and app</MenuItem>}
        {!own && (
          <MenuItem danger={!disabled} onSelect={() => setAsked(disabled ? 'enable' : 'disable')}>
            {disabled ? 'Enable' : 'Disable'}
          </MenuItem>
        )}
      </Menu>
      <Dialog {...dialog('edit')} title="Edit admin" description={admin.email}>
        <EditAdminForm admin={admin} onDone={() => setAsked(undefined)} />
      </Dialog>
      <ConfirmDialog
        {...dialog('disable')}
        danger
        title="Disable this admin?"
        action="Disable"
        run={async () => {
          await update(admin.id, { disabled: true })
          notify(`${admin.email} is disabled and logged out everywhere.`)
        }}
      >
        {admin.email} is logged out everywhere at once and cannot log in until enabled again.
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog('enable')}
        title="Enable this admin?"
        action="Enable"
        run={async () => {
          await update(admin.id, { disabled: false })
          notify(`${admin.email} may log in again.`)
        }}
      >
        {admin.email} may log in again, with the password and role of before.
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog('reset')}
        danger
        title="Reset password and app?"
        action="Reset"
        run={async () => {
          const { data } = await reset(admin.id)
          setShown({ email: admin.email, password: data.password })
        }}
      >
        {admin.email} gets a new random password, needs no code until a new app is set up, and is logged out everywhere.
        Make sure that it is they who ask.
      </ConfirmDialog>
      <PasswordShown shown={shown} onDone={() => setShown(undefined)} />
    </>
  )
}
