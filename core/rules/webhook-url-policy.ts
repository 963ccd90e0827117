import { isLoopbackAddress, isPublicAddress } from './public-address.ts'

/** Names that resolve inside a network only (RFC 6761, 6762 and 8375). */
const privateZones = [
  'localhost',
  'local',
  'localdomain',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
]

/**
 * What is wrong with the address of a webhook, or undefined. Decides by what stands in the URL: literal addresses are
 * checked after the URL parser has made decimal, octal, hex and short forms canonical; what a name resolves to is checked
 * by a worker, when it is saved and at each attempt.
 */
export function refuseWebhookUrl(
  address: string,
  { ownHost, allowLoopback }: { ownHost: string; allowLoopback: boolean },
): string | undefined {
  const url = new URL(address)
  const host = rootless(url)
  const literal = /^\[.*\]$/.test(host) ? host.slice(1, -1) : host
  const isLoopback = isLoopbackAddress(literal) || host === 'localhost'
  if (allowLoopback && isLoopback) return undefined
  if (url.protocol !== 'https:') return 'must begin with https://'
  if (isAddress(literal)) return isPublicAddress(literal) ? undefined : 'must be a public address'
  if (isPrivateName(host)) return 'must be a public host name'
  if (host === ownHost.toLowerCase()) return 'must not be an address of this service'
  return undefined
}

/** The host name of a URL as it is looked up; undefined when nothing has to be, because it is an address or localhost. */
export function hostNameOf(address: string): string | undefined {
  const host = rootless(new URL(address))
  return host.startsWith('[') || isAddress(host) || host === 'localhost' ? undefined : host
}

/** `shop.example.com.` is `shop.example.com`. What stands before the first dot keeps this from trying each of many. */
function rootless({ hostname }: URL): string {
  return hostname.toLowerCase().replace(/(?<!\.)\.+$/, '')
}

function isAddress(host: string): boolean {
  return host.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(host)
}

function isPrivateName(host: string): boolean {
  return !host.includes('.') || privateZones.some((zone) => host.endsWith(`.${zone}`))
}
