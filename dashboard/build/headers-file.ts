import type { Plugin } from 'vite'

/**
 * Writes `_headers`, which Cloudflare Pages (and the local stack) answers with. Nothing may run or be loaded but the
 * dashboard's own files, and only the API may be called.
 */
export function headersFile(apiOrigin: string): Plugin {
  return {
    name: 'wharf-headers-file',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: writeHeaders(apiOrigin) })
    },
  }
}

export function writeHeaders(apiOrigin: string): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self'`,
    // QR codes are pictures that the page has got as text.
    `img-src 'self' data:`,
    `connect-src 'self'${apiOrigin === '' ? '' : ` ${apiOrigin}`}`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
    // No text becomes markup or a script, not even by a mistake of ours or of a library.
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ')
  return `/*
  Content-Security-Policy: ${policy}
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Resource-Policy: same-origin
  Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()
  Referrer-Policy: no-referrer
  Strict-Transport-Security: max-age=31536000
  X-Content-Type-Options: nosniff
  X-Frame-Options: DENY

/assets/*
  Cache-Control: public, max-age=31536000, immutable
`
}
