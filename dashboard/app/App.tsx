import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Notices } from '#dashboard/components/Notices.tsx'
import { onSessionChange } from '#dashboard/lib/session.ts'
import { queryClient } from './query-client.ts'
import { router } from './router.tsx'

export function App() {
  // A session that began or ended decides anew which page may be shown.
  useEffect(() => onSessionChange(() => void router.invalidate()), [])
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Notices />
    </QueryClientProvider>
  )
}
