// First: zod must know, before any schema is made, that the policy of these pages forbids to make code of text.
import '#dashboard/lib/zod-without-eval.ts'
import './styles.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { PhonesPage } from './components/PhonesPage.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for the phones.')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <PhonesPage />
    </QueryClientProvider>
  </StrictMode>,
)
