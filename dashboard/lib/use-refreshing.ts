import { useQueryClient } from '@tanstack/react-query'

/** Wraps a change so that everything below that query key is loaded anew after it, whatever came of it. */
export function useRefreshing(key: string) {
  const queryClient = useQueryClient()
  return <A extends unknown[], R>(change: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      change(...args).finally(() => void queryClient.invalidateQueries({ queryKey: [key] }))
}
