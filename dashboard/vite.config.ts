import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import path from 'node:path'
import { defineConfig } from 'vite'
import { headersFile } from './build/headers-file.ts'
import { readApiOrigin } from './build/read-api-origin.ts'
import { sizeBudget } from './build/size-budget.ts'

/** Compressed JavaScript that a person waits for before any one page works. */
const firstPageBytes = 200_000

/** The local stack serves pages and API from one origin, whatever the environment says. */
export default defineConfig(({ mode }) => {
  const apiOrigin = mode === 'same-origin' ? '' : readApiOrigin(process.env['API_ORIGIN'])
  return {
    root: import.meta.dirname,
    plugins: [react(), tailwindcss(), headersFile(apiOrigin), sizeBudget(firstPageBytes)],
    define: { 'import.meta.env.API_ORIGIN': JSON.stringify(apiOrigin) },
    build: {
      outDir: path.join(import.meta.dirname, '..', 'dist', 'dashboard'),
      emptyOutDir: true,
      // The policy allows no data: but in pictures, and every browser that is served knows module preloads.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: {
        output: {
          codeSplitting: {
            // Together, since a chunk keeps the order of its modules: zod is told how to work before it makes a schema.
            groups: [{ name: 'contracts', test: /node_modules\/zod\/|zod-without-eval|\/contracts\// }],
          },
        },
      },
    },
  }
})
