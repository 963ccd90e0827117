import { describe, expect, it } from 'vitest'
import {
  limitedNetwork,
  networkHolds,
  parseIpAddress,
  parseIpNetwork,
  writeIpAddress,
  writeIpNetwork,
} from './ip-address.ts'

describe('addresses', () => {
  it.each<[string, 32 | 128, bigint]>([
    ['0.0.0.0', 32, 0n],
    ['192.0.2.1', 32, 0xc0000201n],
    ['255.255.255.255', 32, 0xffffffffn],
    ['::', 128, 0n],
    ['::1', 128, 1n],
    ['1::', 128, 1n << 112n],
    ['2001:db8::8:800:200c:417a', 128, 0x20010db80000000000080800200c417an],
    ['2001:DB8:0:0:8:800:200C:417A', 128, 0x20010db80000000000080800200c417an],
    ['64:ff9b::192.0.2.33', 128, 0x0064ff9b0000000000000000c0000221n],
    ['::ffff:192.0.2.1', 32, 0xc0000201n],
    ['::ffff:c000:201', 32, 0xc0000201n],
  ])('%s has %i bits', (text, bits, value) => {
    expect(parseIpAddress(text)).toEqual({ bits, value })
  })

  it.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    '0x7f.0.0.1',
    ' 1.2.3.4',
    'localhost',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    '12345::',
    'g::',
    '::1%eth0',
    '[::1]',
    '1.2.3.4::',
    '::1.2.3',
    '1.2.3.4:5:6:7:8:9:a',
  ])('"%s" is none', (text) => {
    expect(parseIpAddress(text)).toBeUndefined()
  })
})

describe('networks', () => {
  it.each<[string, string, boolean]>([
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['192.0.2.7/32', '::ffff:192.0.2.7', true],
    ['0.0.0.0/0', '255.1.2.3', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '2001:db8::1', true],
    ['::/0', '192.0.2.7', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:db8::1', '2001:db8:0:0:0:0:0:1', true],
    ['2001:db8::1', '2001:db8::2', false],
    ['::ffff:192.0.2.0/120', '192.0.2.9', true],
    ['::ffff:192.0.2.0/120', '192.0.3.9', false],
  ])('%s holds %s: %s', (network, address, holds) => {
    expect(networkHolds(parseIpNetwork(network)!, parseIpAddress(address)!)).toBe(holds)
  })

  it.each([
    '',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.7/8',
    '10.0.0.0/ 8',
    '2001:db8::/129',
    '2001:db8::1/64',
    '::ffff:10.0.0.0/8',
    'example.com/24',
  ])('"%s" is none', (text) => {
    expect(parseIpNetwork(text)).toBeUndefined()
  })
})

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2:ffff::', '2001:db8:1:2::/64'],
  ['::1', '::/64'],
  ['', 'unknown'],
  ['nonsense', 'unknown'],
])('limits count %s as %s', (address, network) => {
  expect(limitedNetwork(address)).toBe(network)
})

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['2001:0DB8:0:0:8:0:0:0', '2001:db8:0:0:8::'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['10:0:20:0:30:0:40:50', '10:0:20:0:30:0:40:50'],
])('%s is written as %s', (text, written) => {
  expect(writeIpAddress(parseIpAddress(text)!)).toBe(written)
})

it.each([
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['192.0.2.7', '192.0.2.7/32'],
  ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
  ['2001:DB8:0::/32', '2001:db8::/32'],
])('the network %s is written as %s', (text, written) => {
  expect(writeIpNetwork(parseIpNetwork(text)!)).toBe(written)
})
