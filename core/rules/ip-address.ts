/** An address as a number of 32 (IPv4) or 128 bits (IPv6). */
export interface IpAddress {
  bits: 32 | 128
  value: bigint
}

/** All addresses that begin with the first `prefix` bits of `value`. */
export interface IpNetwork extends IpAddress {
  prefix: number
}

const mappedPrefix = 0xffffn

/** Undefined when it is no address in the usual spelling. An IPv4 address inside IPv6 (`::ffff:1.2.3.4`) is IPv4. */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (!text.includes(':')) return parseIpv4(text)
  const value = parseIpv6(text)
  if (value === undefined) return undefined
  if (value >> 32n === mappedPrefix) return { bits: 32, value: value & 0xffff_ffffn }
  return { bits: 128, value }
}

/**
 * A network as `10.0.0.0/8` or `2001:db8::/32`; an address alone is the network of it alone. Undefined also when bits beyond
 * the prefix are set: `10.0.0.7/8` says two things, and nobody knows which was meant.
 */
export function parseIpNetwork(text: string): IpNetwork | undefined {
  const [, written = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const address = parseIpAddress(written)
  if (address === undefined) return undefined
  // ::ffff:1.2.3.0/120 is 1.2.3.0/24.
  const leading = written.includes(':') && address.bits === 32 ? 96 : 0
  const prefix = length === undefined ? address.bits : Number(length) - leading
  if (prefix < 0 || prefix > address.bits) return undefined
  const network = { ...address, prefix }
  return firstBits(network, prefix) << BigInt(address.bits - prefix) === address.value ? network : undefined
}

export function networkHolds(network: IpNetwork, address: IpAddress): boolean {
  if (network.bits !== address.bits) return false
  return firstBits(network, network.prefix) === firstBits(address, network.prefix)
}

/**
 * Whom limits by address count as one: an IPv4 address, or the /64 of an IPv6 one, which is the least that a subscriber gets.
 * What is no address is one client too.
 */
export function limitedNetwork(text: string): string {
  const address = parseIpAddress(text)
  if (address === undefined) return 'unknown'
  if (address.bits === 32) return writeIpAddress(address)
  return `${writeIpAddress({ bits: 128, value: firstBits(address, 64) << 64n })}/64`
}

/** In the one spelling of RFC 5952. */
export function writeIpAddress({ bits, value }: IpAddress): string {
  const size = bits === 32 ? 8n : 16n
  const parts = Array.from(
    { length: bits / Number(size) },
    (_, index) => value >> (BigInt(bits) - size * BigInt(index + 1)),
  )
  const numbers = parts.map((part) => part & ((1n << size) - 1n))
  if (bits === 32) return numbers.join('.')
  const groups = numbers.map((number) => number.toString(16)).join(':')
  const [longest] = (groups.match(/\b0(?::0)+\b/g) ?? []).toSorted((a, b) => b.length - a.length)
  return longest === undefined ? groups : groups.replace(longest, '::').replace(/:{3,}/, '::')
}

export function writeIpNetwork(network: IpNetwork): string {
  return `${writeIpAddress(network)}/${network.prefix}`
}

function firstBits({ bits, value }: IpAddress, count: number): bigint {
  return value >> BigInt(bits - count)
}

function parseIpv4(text: string): IpAddress | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1)
  // A leading zero is octal to some and decimal to others.
  if (parts === undefined || parts.some((part) => Number(part) > 255 || /^0\d/.test(part))) return undefined
  return { bits: 32, value: parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) }
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::').map((half, index, { length }) => readGroups(half, index === length - 1))
  const [head = [], tail = []] = halves
  // The defaults above are for a half that is not there, and not for one that is wrong.
  if (halves.length > 2 || halves.includes(undefined)) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...tail]
  return groups.reduce((value, group) => (value << 16n) | group, 0n)
}

/** Groups between colons; the last of an address may be an IPv4 address. Undefined when one is neither. */
function readGroups(text: string, isEnd: boolean): bigint[] | undefined {
  if (text === '') return []
  const groups = text.split(':').flatMap((group, index, { length }): (bigint | undefined)[] => {
    const ipv4 = isEnd && index === length - 1 ? parseIpv4(group) : undefined
    if (ipv4 !== undefined) return [ipv4.value >> 16n, ipv4.value & 0xffffn]
    return [/^[0-9a-f]{1,4}$/i.test(group) ? BigInt(`0x${group}`) : undefined]
  })
  return groups.includes(undefined) ? undefined : (groups as bigint[])
}
