import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { headersFile } from '#dashboard/build/headers-file.ts'

/** Only the local stack builds this: the deployed site knows nothing of virtual phones. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/phone/',
  plugins: [react(), tailwindcss(), headersFile('')],
  define: { 'import.meta.env.API_ORIGIN': '""' },
  build: { emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
