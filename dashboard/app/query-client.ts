import { QueryClient } from '@tanstack/react-query'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { millisecondsToWait } from '#dashboard/lib/poll.ts'
import { onSessionChange, accessToken } from '#dashboard/lib/session.ts'

const retries = 2
const passing = new Set(['NO_CONNECTION', 'SERVICE_UNAVAILABLE', 'WORKER_UNAVAILABLE'])

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What will be refused again is not asked again; 429 says itself when to come back.
      retry: (failures, error) => failures < retries && error instanceof CallFailed && passing.has(error.code),
      // Without a network the call itself says so; waiting silently would look like an answer that never comes.
      networkMode: 'always',
      // Coming back to the tab is no reason to ask sooner than the service wants.
      refetchOnWindowFocus: ({ state }) => millisecondsToWait(state.error) === 0,
    },
    mutations: { networkMode: 'always' },
  },
})

// What one admin has seen is not the next one's.
onSessionChange(() => {
  if (accessToken() === undefined) queryClient.clear()
})
