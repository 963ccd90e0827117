import { Curve } from '@whiskeysockets/baileys'
import { verifyXeddsa } from './verify-xeddsa.ts'

/**
 * Makes Baileys check signatures: of the server's certificates when it connects and of the phone's signature when it
 * pairs. Its own `Curve.verify` answers true whenever nothing throws, whatever the signature is. Baileys reads the
 * function from this object at each call, so replacing it here is enough. Idempotent.
 */
export function installSignatureVerification(): void {
  Curve.verify = verifyXeddsa
}
