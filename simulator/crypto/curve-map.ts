/** Maps public keys between Curve25519's Montgomery form (X25519) and its Edwards form (Ed25519); RFC 7748, 4.1. */

const P = 2n ** 255n - 19n

/** u = (1 + y) / (1 - y). The point's sign bit is lost. */
export function montgomeryFromEdwards(edwardsPublicKey: Uint8Array): Buffer {
  const y = toBigInt(edwardsPublicKey)
  return toBytes((1n + y) * invert(1n - y))
}

/** y = (u - 1) / (u + 1), with the sign bit that the caller knows (0 or 0x80). */
export function edwardsFromMontgomery(montgomeryPublicKey: Uint8Array, signBit: number): Buffer {
  const u = toBigInt(montgomeryPublicKey)
  const edwards = toBytes((u - 1n) * invert(u + 1n))
  edwards.writeUInt8(edwards.readUInt8(31) | signBit, 31)
  return edwards
}

function toBigInt(littleEndian: Uint8Array): bigint {
  const value = BigInt(`0x${Buffer.from(littleEndian).reverse().toString('hex')}`)
  return (value & (2n ** 255n - 1n)) % P
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(mod(value).toString(16).padStart(64, '0'), 'hex').reverse()
}

function mod(value: bigint): bigint {
  const rest = value % P
  return rest < 0n ? rest + P : rest
}

/** Extended Euclid: some ten times faster than raising to P - 2. */
function invert(value: bigint): bigint {
  let [a, b, x, y] = [mod(value), P, 1n, 0n]
  while (a > 1n) {
    const quotient = b / a
    ;[a, b, x, y] = [b - quotient * a, a, y - quotient * x, x]
  }
  return mod(a === 1n ? x : 0n)
}
