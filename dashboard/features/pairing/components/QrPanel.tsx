import type { QrView } from '#contracts/http/instances.ts'
import { QrPicture } from '#dashboard/components/QrPicture.tsx'
import { useTexts } from '#dashboard/features/pairing/language.ts'
import { useSecondsUntil } from '#dashboard/lib/use-seconds-until.ts'

const frame = 'w-full max-w-68 rounded-lg border border-line'

/** The code to scan with how long it is good, or a place for it while it is on its way. */
export function QrPanel({ qr }: { qr: QrView | undefined }) {
  const texts = useTexts()
  if (qr === undefined) {
    return (
      <div role="status" className={`flex aspect-square items-center justify-center bg-sunken ${frame}`}>
        <span className="sr-only">{texts.preparing}</span>
        <span aria-hidden className="size-7 animate-spin rounded-full border-2 border-accent border-t-transparent" />
      </div>
    )
  }
  return <LiveQr qr={qr} />
}

function LiveQr({ qr }: { qr: QrView }) {
  const texts = useTexts()
  const seconds = useSecondsUntil(qr.expires_at)
  return (
    <>
      <QrPicture
        text={qr.qr}
        label={texts.qrLabel}
        className={`transition-opacity ${frame} ${seconds === 0 ? 'opacity-20' : ''}`}
      />
      <p className="text-muted tabular-nums">
        {seconds === undefined || seconds === 0 ? texts.qrRenews : texts.qrRenewsIn(seconds)}
      </p>
    </>
  )
}
