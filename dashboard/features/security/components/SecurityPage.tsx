import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { PageHeader } from '#dashboard/components/PageHeader.tsx'
import { Skeleton } from '#dashboard/components/Skeleton.tsx'
import { useOwnAdmin } from '#dashboard/features/security/api/use-own-admin.ts'
import { formatWord } from '#dashboard/lib/format.ts'
import { PasswordCard } from './PasswordCard.tsx'
import { SessionsCard } from './SessionsCard.tsx'
import { TotpCard } from './TotpCard.tsx'

export function SecurityPage() {
  const own = useOwnAdmin()
  if (own.data === undefined) {
    return (
      <>
        <PageHeader title="Your security" />
        {own.error === null ? <Skeleton rows={8} /> : <ErrorState error={own.error} retry={() => void own.refetch()} />}
      </>
    )
  }
  const { email, role, sessions } = own.data
  return (
    <>
      <PageHeader title="Your security" hint={`${email}, ${formatWord(role).toLowerCase()}`} />
      <div className="max-w-3xl space-y-5">
        <TotpCard own={own.data} />
        <PasswordCard />
        <SessionsCard sessions={sessions} />
      </div>
    </>
  )
}
