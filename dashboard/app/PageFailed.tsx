import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'

export function PageFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const retry = () => {
    reset()
    void router.invalidate()
  }
  return (
    <main>
      <ErrorState error={error} retry={retry} />
    </main>
  )
}
