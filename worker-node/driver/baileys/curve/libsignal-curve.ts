import { createRequire } from 'node:module'
import type * as Libsignal from 'libsignal/src/curve.js'

/** The object through which libsignal calls its own curve functions; an import would give copies of them. */
export const libsignalCurve: { -readonly [Name in keyof typeof Libsignal]: (typeof Libsignal)[Name] } = createRequire(
  import.meta.url,
)('libsignal/src/curve.js')
