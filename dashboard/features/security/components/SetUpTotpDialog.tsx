import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { confirmTotpContract } from '#contracts/http/admin-auth.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { CopyButton } from '#dashboard/components/CopyButton.tsx'
import { CodeField } from '#dashboard/components/CodeField.tsx'
import { Dialog, DialogActions } from '#dashboard/components/Dialog.tsx'
import { DialogForm } from '#dashboard/components/DialogForm.tsx'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { Secret } from '#dashboard/components/Secret.tsx'
import { Skeleton } from '#dashboard/components/Skeleton.tsx'
import { useSecurityChanges } from '#dashboard/features/security/api/change-security.ts'
import { useForm } from '#dashboard/lib/use-form.ts'

/** Scan, confirm, keep the recovery codes. Nothing changes before the code is confirmed. Mounted while it is open only. */
export function SetUpTotpDialog({ onClose }: { onClose: () => void }) {
  const [codes, setCodes] = useState<string[]>()
  if (codes === undefined) {
    return (
      <Dialog open onOpenChange={onClose} title="Set up an authenticator app">
        <ScanAndConfirm onConfirmed={setCodes} onCancel={onClose} />
      </Dialog>
    )
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      dismissable={false}
      title="Keep your recovery codes"
      description="Each opens your account once when the phone is not at hand. They are shown this once."
    >
      <ul aria-label="Recovery codes" className="grid gap-1 rounded-md bg-sunken p-3 font-mono sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <DialogActions>
        <CopyButton text={codes.join('\n')} label="Copy all" />
        <Button kind="primary" onClick={onClose}>
          I have kept them
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function ScanAndConfirm({ onConfirmed, onCancel }: { onConfirmed: (codes: string[]) => void; onCancel: () => void }) {
  const { beginTotp, confirmTotp } = useSecurityChanges()
  // Made when the dialog opens, kept while it is open, never shown again.
  const secret = useQuery({
    queryKey: ['totp-secret'],
    queryFn: beginTotp,
    select: ({ data }) => data,
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  })
  const form = useForm({
    schema: confirmTotpContract.body,
    read: (fields) => ({ code: fields.text('code').trim() }),
    async send(body) {
      const { data } = await confirmTotp(body)
      onConfirmed(data.recovery_codes)
    },
  })
  if (secret.error !== null) return <ErrorState error={secret.error} retry={() => void secret.refetch()} />
  if (secret.data === undefined) return <Skeleton rows={6} />
  return (
    <DialogForm form={form} action="Confirm" onCancel={onCancel}>
      <p>1. Scan this with the app, or type the secret into it.</p>
      <img
        alt="QR code for your authenticator app"
        src={`data:image/svg+xml,${encodeURIComponent(secret.data.qr_svg)}`}
        className="mx-auto size-48 rounded-md bg-white p-2"
      />
      <Secret label="Secret" value={secret.data.secret} />
      <p>2. Type the code that the app shows now.</p>
      <CodeField error={form.errors['code']} />
    </DialogForm>
  )
}
