import type { ReactNode } from 'react'
import type { PairingView } from '#contracts/http/pairing.ts'
import { Logo } from '#dashboard/components/Logo.tsx'
import { useTexts } from '#dashboard/features/pairing/language.ts'
import { LanguageSwitch } from './LanguageSwitch.tsx'

/** Who asks for the link, what it means, and what goes on in between. */
export function PairingFrame({
  view,
  isOver,
  children,
}: {
  view: PairingView | undefined
  isOver: boolean
  children: ReactNode
}) {
  const texts = useTexts()
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-3xl flex-col px-4 py-4 sm:py-8">
      <header className="mb-6 flex items-center justify-between gap-4 sm:mb-10">
        <Logo className="size-8" />
        <LanguageSwitch />
      </header>
      <main className="space-y-6">
        <h1 className={view === undefined ? 'sr-only' : 'text-2xl font-semibold tracking-tight sm:text-3xl'}>
          <span className="mb-1 block text-sm font-normal tracking-normal text-muted">{texts.linkWith}</span>{' '}
          <bdi>{view?.customer_name ?? 'WhatsApp'}</bdi>
        </h1>
        <div className="rounded-xl border border-line bg-surface">{children}</div>
        {view !== undefined && !isOver && (
          <p className="text-muted">
            <bdi>{texts.meaning(view.customer_name)}</bdi> {texts.ending}
          </p>
        )}
      </main>
    </div>
  )
}
