import { useState } from 'react'
import type { PairingCodeView, QrView } from '#contracts/http/instances.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { useTexts } from '#dashboard/features/pairing/language.ts'
import { CodeForm } from './CodeForm.tsx'
import { PairingCode } from './PairingCode.tsx'
import { PhoneSteps } from './PhoneSteps.tsx'
import { QrPanel } from './QrPanel.tsx'

/** A code that was made, and for which number. */
export interface MadeCode extends PairingCodeView {
  phoneNumber: string
}

/** The QR code, or a code to type; beside it what to do on the phone. */
export function WaysToLink({ token, qr }: { token: string; qr: QrView | undefined }) {
  const texts = useTexts()
  const [way, setWay] = useState<'qr' | 'code'>('qr')
  const [code, setCode] = useState<MadeCode>()
  return (
    <div className="grid gap-6 p-4 sm:grid-cols-[17rem_minmax(0,1fr)] sm:gap-8 sm:p-6">
      <div className="flex flex-col items-center gap-4">
        {way === 'qr' && <QrPanel qr={qr} />}
        {way === 'code' && code === undefined && <CodeForm token={token} onCode={setCode} />}
        {way === 'code' && code !== undefined && (
          <PairingCode code={code} token={token} onCode={setCode} onOther={() => setCode(undefined)} />
        )}
        {way === 'qr' && (
          <p className="rounded-md bg-accent-soft px-3 py-2 text-accent-strong sm:hidden">{texts.samePhone}</p>
        )}
        <Button className="w-full" onClick={() => setWay(way === 'qr' ? 'code' : 'qr')}>
          {way === 'qr' ? texts.ways.code : texts.ways.qr}
        </Button>
      </div>
      <div className="space-y-5">
        <PhoneSteps way={way} />
        <details>
          <summary className="cursor-pointer font-medium">{texts.tooManyDevices.title}</summary>
          <p className="mt-1 text-muted">{texts.tooManyDevices.advice}</p>
        </details>
      </div>
    </div>
  )
}
