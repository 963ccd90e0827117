import { useTexts } from '#dashboard/features/pairing/language.ts'

export function PhoneSteps({ way }: { way: 'qr' | 'code' }) {
  const texts = useTexts()
  const steps = [
    texts.openWhatsapp,
    texts.openLinkedDevices,
    ...(way === 'qr' ? [texts.scanStep] : [texts.phoneNumberStep, texts.typeStep]),
  ]
  return (
    <section>
      <h2 className="mb-3 text-base font-semibold">{texts.onThePhone}</h2>
      <ol className="space-y-3">
        {steps.map((step, index) => (
          <li key={step} className="flex gap-3">
            <span
              aria-hidden
              className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent-strong"
            >
              {index + 1}
            </span>
            <span className="pt-0.5">{step}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
