import { useState } from 'react'
import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import { createFleetPairingLinkContract } from '#contracts/http/fleet-pairing.ts'
import type { PairingLinkView } from '#contracts/http/pairing.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { Dialog, DialogActions } from '#dashboard/components/Dialog.tsx'
import { DialogForm } from '#dashboard/components/DialogForm.tsx'
import { SelectField } from '#dashboard/components/Field.tsx'
import { Secret } from '#dashboard/components/Secret.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { useInstanceChanges } from '#dashboard/features/instances/api/change-instance.ts'
import { useForm } from '#dashboard/lib/use-form.ts'

const lifetimes = [
  ['1', 'An hour'],
  ['24', 'A day'],
  ['72', 'Three days'],
  ['168', 'A week'],
] as const

/** A link for the person who has the phone; then the link itself. */
export function PairingLinkDialog({
  open,
  onOpenChange,
  instance,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  instance: FleetInstanceView
}) {
  const [link, setLink] = useState<PairingLinkView>()
  const close = () => {
    onOpenChange(false)
    setLink(undefined)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      dismissable={link === undefined}
      title={link === undefined ? 'Create a pairing link' : 'The link is there'}
      description={
        link === undefined ? (
          <>
            It opens a page where whoever has the phone links it to <bdi>{instance.name}</bdi>, by QR or code, without
            an account.
          </>
        ) : (
          'Give it to nobody but the person with the phone: whoever opens it can link a phone.'
        )
      }
    >
      {link === undefined ? (
        <LinkForm instance={instance} onCreated={setLink} onCancel={close} />
      ) : (
        <>
          <Secret label="Pairing link" value={link.url} />
          <p className="mt-3 text-xs text-muted">
            Good until <Time value={link.expires_at} />.
          </p>
          <DialogActions>
            <Button kind="primary" onClick={close}>
              Done
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  )
}

function LinkForm({
  instance,
  onCreated,
  onCancel,
}: {
  instance: FleetInstanceView
  onCreated: (link: PairingLinkView) => void
  onCancel: () => void
}) {
  const { createLink } = useInstanceChanges(instance.id)
  const form = useForm({
    schema: createFleetPairingLinkContract.body,
    read: (fields) => ({ valid_hours: Number(fields.text('valid_hours')) }),
    async send(body) {
      const { data } = await createLink(body)
      onCreated(data)
    },
  })
  return (
    <DialogForm form={form} action="Create link" onCancel={onCancel}>
      <SelectField
        name="valid_hours"
        label="Good for"
        defaultValue="24"
        options={lifetimes}
        error={form.errors['valid_hours']}
      />
    </DialogForm>
  )
}
