import { proto } from '@whiskeysockets/baileys/WAProto/index.js'
import { verifySignature } from '#simulator/crypto/verify-signature.ts'
import { SERIALS } from './certificate-chain.ts'

/**
 * What a careful client checks in a server's hello: both signatures, the serials, the validity, and that the leaf names
 * the static key that the handshake used. (Baileys 7.0.0-rc14 accepts any signature.)
 *
 * @returns why the chain is refused, or undefined when it is good
 */
export function whyChainIsRefused(
  encodedChain: Uint8Array,
  expected: { rootPublicKey: Uint8Array; staticPublicKey: Uint8Array; nowMs: number },
): string | undefined {
  const { intermediate, leaf } = proto.CertChain.decode(encodedChain)
  if (!intermediate?.details || !intermediate.signature) return 'the intermediate certificate is missing'
  if (!leaf?.details || !leaf.signature) return 'the leaf certificate is missing'
  if (!verifySignature(expected.rootPublicKey, intermediate.details, intermediate.signature)) {
    return 'the root did not sign the intermediate certificate'
  }
  const issuer = proto.CertChain.NoiseCertificate.Details.decode(intermediate.details)
  const subject = proto.CertChain.NoiseCertificate.Details.decode(leaf.details)
  if (!verifySignature(issuer.key ?? Buffer.alloc(0), leaf.details, leaf.signature)) {
    return 'the intermediate did not sign the leaf certificate'
  }
  if (issuer.issuerSerial !== SERIALS.root || subject.issuerSerial !== issuer.serial) return 'the serials do not chain'
  const nowSeconds = expected.nowMs / 1000
  for (const { notBefore, notAfter } of [issuer, subject]) {
    if (nowSeconds < Number(notBefore) || nowSeconds > Number(notAfter)) return 'a certificate is not valid now'
  }
  if (!Buffer.from(expected.staticPublicKey).equals(subject.key ?? Buffer.alloc(0))) {
    return 'the leaf certificate is for another static key'
  }
  return undefined
}
