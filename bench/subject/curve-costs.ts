import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import type * as Curve from 'libsignal/src/curve.js'
import type { CurveCosts } from './subject-calls.ts'

// The object that libsignal itself calls through: an import would show what it held when it was loaded.
const curve = createRequire(import.meta.url)('libsignal/src/curve.js') as typeof Curve

/**
 * What a signature, its check and a key agreement cost by the functions that libsignal exports, as they are in this
 * process. Every operation has keys of its own, so that nothing which remembers keys looks better than it is.
 */
export function measureCurve(signatures: number, agreements: number): CurveCosts {
  const signers = Array.from({ length: signatures }, () => ({ ...curve.generateKeyPair(), message: randomBytes(40) }))
  const parties = Array.from({ length: agreements }, () => curve.generateKeyPair())

  const signed: { pubKey: Uint8Array; message: Buffer; signature: Uint8Array }[] = []
  const signUs = usPerItem(signers, ({ pubKey, privKey, message }) => {
    signed.push({ pubKey, message, signature: curve.calculateSignature(privKey, message) })
  })
  const verifyUs = usPerItem(signed, ({ pubKey, message, signature }) => {
    if (!curve.verifySignature(pubKey, message, signature)) throw new Error('A good signature was refused.')
  })
  const agreeUs = usPerItem(parties, ({ privKey }, index) => {
    const other = parties[(index + 1) % parties.length]
    if (other !== undefined) curve.calculateAgreement(other.pubKey, privKey)
  })
  return { signUs, verifyUs, agreeUs }
}

function usPerItem<Item>(items: readonly Item[], work: (item: Item, index: number) => void): number {
  const before = process.cpuUsage()
  items.forEach(work)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / items.length
}
