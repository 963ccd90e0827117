import * as Radix from '@radix-ui/react-dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

/**
 * A question over the page. Radix keeps the focus inside and gives it back. Its own overlay is not used: that one writes a
 * style element into the page, which the policy forbids.
 */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  dismissable = true,
  children,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  /** False where closing by accident would lose something, such as a secret that is shown once. */
  dismissable?: boolean
  children: ReactNode
}) {
  const keepOpen = (event: Event) => {
    if (!dismissable) event.preventDefault()
  }
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <div aria-hidden className="fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          onEscapeKeyDown={keepOpen}
          onInteractOutside={keepOpen}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className="fixed inset-x-3 top-[8vh] z-50 mx-auto max-h-[84vh] max-w-lg animate-pop overflow-y-auto overscroll-contain rounded-xl border border-line bg-raised p-5 shadow-xl"
        >
          <div className="mb-4 flex items-start justify-between gap-4">
            <div className="min-w-0">
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-1 text-muted" asChild>
                  <div>{description}</div>
                </Radix.Description>
              )}
            </div>
            {dismissable && (
              <Radix.Close className="-m-1 rounded-md p-1.5 text-muted hover:bg-sunken" aria-label="Close">
                <X aria-hidden className="size-4" />
              </Radix.Close>
            )}
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>
}
