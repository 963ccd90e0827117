/**
 * A message id in the form that WhatsApp Web uses: `3EB0` and 18 upper-case hex digits (upper case, because the wire's
 * packed form gives hex back in upper case). 72 random bits: chosen once at acceptance, used by every attempt.
 */
export function newWaMessageId(): string {
  const random = crypto.getRandomValues(new Uint8Array(9))
  return `3EB0${Array.from(random, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()}`
}
