import { useEffect, useRef, useState } from 'react'
import { Button } from '#dashboard/components/Button.tsx'
import { requestCode } from '#dashboard/features/pairing/api/request-code.ts'
import { useTexts } from '#dashboard/features/pairing/language.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { useSecondsUntil } from '#dashboard/lib/use-seconds-until.ts'
import { CodeFailure } from './CodeFailure.tsx'
import type { MadeCode } from './WaysToLink.tsx'

/** The code in two groups, as WhatsApp asks for it. */
export function PairingCode({
  code,
  token,
  onCode,
  onOther,
}: {
  code: MadeCode
  token: string
  onCode: (code: MadeCode) => void
  onOther: () => void
}) {
  const texts = useTexts()
  const seconds = useSecondsUntil(code.expires_at)
  const ended = seconds === 0
  const again = useAgain(token, code.phoneNumber, onCode)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [code.code])
  return (
    <div className="w-full space-y-4 text-center">
      <h2 ref={heading} tabIndex={-1} className="text-base font-semibold outline-none">
        {texts.yourCode}
      </h2>
      <output
        aria-label={texts.yourCode}
        className={`flex items-center justify-center gap-2 rounded-lg bg-sunken px-2 py-5 font-mono text-3xl font-semibold tracking-[0.12em] ${ended ? 'text-muted line-through' : ''}`}
      >
        <span>{code.code.slice(0, 4)}</span>
        <span aria-hidden className="text-muted">
          -
        </span>
        <span>{code.code.slice(4)}</span>
      </output>
      <p className="text-muted tabular-nums">
        <span className="block">{texts.codeFor(code.phoneNumber)}</span>
        {seconds !== undefined && (ended ? texts.codeEnded : texts.codeEndsIn(clock(seconds)))}
      </p>
      <CodeFailure failure={again.failure} />
      <div className="flex flex-wrap justify-center gap-2">
        {ended && (
          <Button kind="primary" busy={again.busy} onClick={again.ask}>
            {texts.getNewCode}
          </Button>
        )}
        <Button kind="quiet" onClick={onOther}>
          {texts.otherNumber}
        </Button>
      </div>
    </div>
  )
}

/** Another code for the same number. */
function useAgain(token: string, phoneNumber: string, onCode: (code: MadeCode) => void) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<CallFailed>()
  const ask = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      onCode({ ...(await requestCode(token, phoneNumber)), phoneNumber })
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return { busy, failure, ask: () => void ask() }
}

/** "2:05". */
function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
