import { Button } from '#dashboard/components/Button.tsx'
import { Dialog, DialogActions } from '#dashboard/components/Dialog.tsx'
import { Secret } from '#dashboard/components/Secret.tsx'

export interface ShownPassword {
  email: string
  password: string
}

/** A random password of another admin, which is shown this once. */
export function PasswordShown({ shown, onDone }: { shown: ShownPassword | undefined; onDone: () => void }) {
  return (
    <Dialog
      open={shown !== undefined}
      onOpenChange={onDone}
      dismissable={false}
      title="The password"
      description={`For ${shown?.email ?? ''}. It is shown this once: hand it over by a way that you trust, and ask to change it and to set up an authenticator app.`}
    >
      <Secret label="Password" value={shown?.password ?? ''} />
      <DialogActions>
        <Button kind="primary" onClick={onDone}>
          Done
        </Button>
      </DialogActions>
    </Dialog>
  )
}
