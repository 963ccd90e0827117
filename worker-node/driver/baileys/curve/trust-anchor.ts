import { AsyncLocalStorage } from 'node:async_hooks'
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys'

const anchorOfConnection = new AsyncLocalStorage<Uint8Array>()
/** WhatsApp's, unless somebody assigned another the way that Baileys provides. */
let processAnchor: Uint8Array = WA_CERT_DETAILS.PUBLIC_KEY
let installed = false

/**
 * Runs `connect` so that the connection it opens trusts certificates of this root instead of WhatsApp's. Baileys knows one
 * root per process; here each connection has its own, and whatever loses track of its connection falls back to WhatsApp's
 * root, so that a worker can never be made to trust a simulator by accident.
 */
export function withTrustAnchor<T>(rootPublicKey: Uint8Array | undefined, connect: () => T): T {
  install()
  return rootPublicKey === undefined ? anchorOfConnection.exit(connect) : anchorOfConnection.run(rootPublicKey, connect)
}

function install(): void {
  if (installed) return
  installed = true
  Object.defineProperty(WA_CERT_DETAILS, 'PUBLIC_KEY', {
    get: () => Buffer.from(anchorOfConnection.getStore() ?? processAnchor),
    set(anchor: Uint8Array) {
      processAnchor = anchor
    },
    enumerable: true,
  })
}
