import { useState } from 'react'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { Logo } from '#dashboard/components/Logo.tsx'
import { usePhones } from '#local/phone/page/api/phones.ts'
import { PhoneFrame } from './PhoneFrame.tsx'
import { PhoneList } from './PhoneList.tsx'

/** The people with phones: choose one and be that person. */
export function PhonesPage() {
  const phones = usePhones()
  const [number, choose] = useChosenNumber()
  const chosen = phones.data?.find((phone) => phone.phone_number === number) ?? phones.data?.[0]
  return (
    <div className="mx-auto grid min-h-dvh max-w-5xl gap-6 px-4 py-6 md:grid-cols-[18rem_minmax(0,1fr)] md:gap-10 md:py-10">
      <aside className="space-y-5">
        <div className="flex items-center gap-3">
          <Logo className="size-9" />
          <h1 className="text-xl font-semibold tracking-tight">Virtual phones</h1>
        </div>
        <p className="text-muted">
          Phones of the WhatsApp simulator on this machine. Link one to an instance as a customer would, write to
          another through the API, and be the person who answers.
        </p>
        {phones.data !== undefined && <PhoneList phones={phones.data} chosen={chosen} choose={choose} />}
      </aside>
      <main className="flex justify-center">
        {phones.error !== null && phones.data === undefined && (
          <ErrorState error={phones.error} retry={() => void phones.refetch()} />
        )}
        {phones.data !== undefined && chosen !== undefined && (
          <PhoneFrame key={chosen.phone_number} phone={chosen} phones={phones.data} />
        )}
        {phones.data !== undefined && chosen === undefined && <p className="py-16 text-muted">Make a phone first.</p>}
      </main>
    </div>
  )
}

/** The phone of the address: a reload, or the link that `npm start` prints, opens the same one. */
function useChosenNumber(): [string | null, (number: string) => void] {
  const [number, setNumber] = useState(() => new URLSearchParams(location.search).get('number'))
  const choose = (next: string) => {
    history.replaceState(null, '', `?${new URLSearchParams({ number: next }).toString()}`)
    setNumber(next)
  }
  return [number, choose]
}
