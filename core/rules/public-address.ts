import { networkHolds, parseIpAddress, parseIpNetwork } from './ip-address.ts'

/**
 * IPv4 ranges that are not the public internet (IANA's special-purpose registry): this machine, private and shared
 * networks, link-local with the clouds' metadata service, documentation, benchmarks, multicast and reserved ones.
 */
const refusedIpv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map((network) => parseIpNetwork(network)!)

/** Whether a canonical IPv4 or IPv6 address (without brackets) is on the public internet. */
export function isPublicAddress(address: string): boolean {
  if (address.includes(':')) return isPublicIpv6(address)
  const parsed = parseIpAddress(address)
  return parsed !== undefined && !refusedIpv4.some((network) => networkHolds(network, parsed))
}

/**
 * Only 2000::/3 is assigned to the internet, which leaves out loopback, unique local, link-local, multicast, mapped IPv4
 * (::ffff:0:0/96) and NAT64 (64:ff9b::/96); of it, the parts that are special or carry an IPv4 address inside.
 */
function isPublicIpv6(address: string): boolean {
  const [first = '', second = ''] = address.split(':')
  const high = Number.parseInt(first, 16)
  // An address that begins with `::` has no first group.
  if (!(high >= 0x2000 && high <= 0x3fff)) return false
  const low = second === '' ? 0 : Number.parseInt(second, 16)
  const isProtocolAssignment = high === 0x2001 && low < 0x0200
  const isDocumentation = (high === 0x2001 && low === 0x0db8) || (high === 0x3fff && low < 0x1000)
  const is6to4 = high === 0x2002
  return !isProtocolAssignment && !isDocumentation && !is6to4
}

export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address)
}
