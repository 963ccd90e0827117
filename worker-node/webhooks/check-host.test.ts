import { expect, it } from 'vitest'
import { createCheckHost } from './check-host.ts'
import type { ResolveHost } from './resolve-host.ts'

const resolvesTo =
  (...addresses: string[]): ResolveHost =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

const check = (resolve: ResolveHost, allowLoopback = false) => createCheckHost({ resolve, allowLoopback })('a.example')

it.each([['93.184.216.34'], ['2606:4700::1111'], ['93.184.216.34', '2606:4700::1111']])(
  'a name of %s %s is public',
  async (...addresses) => {
    expect(await check(resolvesTo(...addresses))).toBe('public')
  },
)

it.each(
  '127.0.0.1 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 100.64.0.1 169.254.169.254 192.0.0.8 198.18.0.1 224.0.0.1 240.0.0.1 ::1 ::ffff:10.0.0.1 fc00::1 fe80::1 64:ff9b::7f00:1 2002:7f00:1::'.split(
    ' ',
  ),
)('a name that leads to %s is refused, also beside a public address', async (address) => {
  expect(await check(resolvesTo(address))).toBe('refused')
  expect(await check(resolvesTo('93.184.216.34', address))).toBe('refused')
})

it('a name that cannot be looked up is unknown', async () => {
  expect(await check(() => Promise.reject(Object.assign(new Error('?'), { code: 'ETIMEOUT' })))).toBe('unknown')
})

it('loopback is public where the exception of the local stack is made', async () => {
  expect(await check(resolvesTo('127.0.0.1'), true)).toBe('public')
  expect(await check(resolvesTo('10.0.0.1'), true)).toBe('refused')
})
