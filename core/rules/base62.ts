const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Writes a number in base 62 with leading zeros. Throws RangeError when it does not fit. */
export function toBase62(value: bigint, length: number): string {
  let rest = value
  let text = ''
  for (let position = 0; position < length; position++) {
    text = digits.charAt(Number(rest % 62n)) + text
    rest /= 62n
  }
  if (rest !== 0n) throw new RangeError(`${length} base62 digits are too few.`)
  return text
}
