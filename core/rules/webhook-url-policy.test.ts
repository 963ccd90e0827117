import { describe, expect, it } from 'vitest'
import { isPublicAddress } from './public-address.ts'
import { refuseWebhookUrl } from './webhook-url-policy.ts'

const ownHost = 'api.wharf.example'
const refuse = (url: string, allowLoopback = false) => refuseWebhookUrl(url, { ownHost, allowLoopback })

it.each([
  'https://example.com/hooks',
  'https://example.com:8443/hooks?a=b#c',
  'https://hooks.shop.example.co.uk/',
  'https://8.8.8.8/',
  'https://172.15.0.1/',
  'https://172.32.0.1/',
  'https://100.63.255.255/',
  'https://100.128.0.0/',
  'https://[2606:4700::1111]/',
  'https://bücher.example.com/',
  'https://localhost.example.com/',
])('accepts %s', (url) => {
  expect(refuse(url)).toBeUndefined()
})

describe('refuses', () => {
  it.each([
    ['plain HTTP', 'http://example.com/'],
    ['loopback', 'https://127.0.0.1/'],
    ['all of 127/8', 'https://127.255.255.254/'],
    ['loopback in decimal', 'https://2130706433/'],
    ['loopback in octal', 'https://0177.0.0.1/'],
    ['loopback in hex', 'https://0x7f000001/'],
    ['loopback in hex bytes', 'https://0x7f.0x0.0x0.0x1/'],
    ['loopback in short form', 'https://127.1/'],
    ['loopback in full-width digits', 'https://１２７.０.０.１/'],
    ['loopback with a dot behind', 'https://127.0.0.1./'],
    ['loopback percent-encoded', 'https://%31%32%37.0.0.1/'],
    ['this host', 'https://0.0.0.0/'],
    ['this host in short form', 'https://0/'],
    ['10/8', 'https://10.1.2.3/'],
    ['the start of 172.16/12', 'https://172.16.0.0/'],
    ['the end of 172.16/12', 'https://172.31.255.255/'],
    ['192.168/16', 'https://192.168.1.1/'],
    ['carrier-grade NAT', 'https://100.64.0.1/'],
    ['the end of carrier-grade NAT', 'https://100.127.255.255/'],
    ['link-local and metadata', 'https://169.254.169.254/latest/meta-data'],
    ['metadata in decimal', 'https://2852039166/'],
    ['192.0.0/24', 'https://192.0.0.8/'],
    ['documentation 1', 'https://192.0.2.1/'],
    ['documentation 2', 'https://198.51.100.1/'],
    ['documentation 3', 'https://203.0.113.1/'],
    ['6to4 relays', 'https://192.88.99.1/'],
    ['benchmarks', 'https://198.18.0.1/'],
    ['the end of benchmarks', 'https://198.19.255.255/'],
    ['multicast', 'https://224.0.0.1/'],
    ['reserved', 'https://240.0.0.1/'],
    ['broadcast', 'https://255.255.255.255/'],
    ['IPv6 loopback', 'https://[::1]/'],
    ['IPv6 loopback in full', 'https://[0:0:0:0:0:0:0:1]/'],
    ['IPv6 unspecified', 'https://[::]/'],
    ['mapped loopback', 'https://[::ffff:127.0.0.1]/'],
    ['mapped private in hex', 'https://[::ffff:a00:1]/'],
    ['mapped public', 'https://[::ffff:8.8.8.8]/'],
    ['compatible loopback', 'https://[::127.0.0.1]/'],
    ['unique local', 'https://[fc00::1]/'],
    ['unique local, fd', 'https://[fd12:3456::1]/'],
    ['IPv6 link-local', 'https://[fe80::1]/'],
    ['IPv6 multicast', 'https://[ff02::1]/'],
    ['NAT64', 'https://[64:ff9b::7f00:1]/'],
    ['local NAT64', 'https://[64:ff9b:1::1]/'],
    ['6to4', 'https://[2002:7f00:1::]/'],
    ['Teredo', 'https://[2001::1]/'],
    ['ORCHID', 'https://[2001:20::1]/'],
    ['IPv6 documentation', 'https://[2001:db8::1]/'],
    ['newer IPv6 documentation', 'https://[3fff::1]/'],
    ['discard only', 'https://[100::1]/'],
    ['localhost', 'https://localhost/'],
    ['localhost in capitals', 'https://LOCALHOST/'],
    ['localhost with a dot behind', 'https://localhost./'],
    ['below localhost', 'https://a.localhost/'],
    ['a single label', 'https://intranet/'],
    ['.local', 'https://printer.local/'],
    ['.internal', 'https://metadata.google.internal/'],
    ['.home.arpa', 'https://nas.home.arpa/'],
    ['.lan', 'https://nas.lan/'],
    ['this service', 'https://api.wharf.example/api/v1/messages'],
    ['this service in capitals', 'https://API.WHARF.EXAMPLE/'],
    ['this service with a dot behind', 'https://api.wharf.example./'],
  ])('%s', (_what, url) => {
    expect(refuse(url)).toMatch(/^must /)
  })
})

describe('with the exception of the local stack', () => {
  it.each(['http://127.0.0.1:9000/', 'https://127.0.0.1/', 'http://localhost:9000/', 'http://[::1]:9000/'])(
    'accepts %s',
    (url) => expect(refuse(url, true)).toBeUndefined(),
  )

  it.each(['http://10.0.0.1/', 'https://169.254.169.254/', 'http://example.com/', 'http://localhost.example.com/'])(
    'still refuses %s',
    (url) => expect(refuse(url, true)).toMatch(/^must /),
  )
})

it('takes nothing else for a public address', () => {
  for (const text of ['', 'example.com', '1.2.3', '1.2.3.256', '1.2.3.4.5', ':', 'zz::1']) {
    expect(isPublicAddress(text)).toBe(false)
  }
})
