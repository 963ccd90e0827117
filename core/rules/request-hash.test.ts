import { expect, it } from 'vitest'
import { requestHash } from './request-hash.ts'

const hash = (body: unknown, path = '/a', method = 'POST') => requestHash({ method, path, body })

it('is the same whatever the order of the fields, at any depth', async () => {
  const one = { to: '+55', text: { body: 'x', preview: [1, { a: 1, b: 2 }] } }
  const other = { text: { preview: [1, { b: 2, a: 1 }], body: 'x' }, to: '+55' }
  expect(await hash(one)).toEqual(await hash(other))
})

it.each<[string, Promise<Uint8Array>]>([
  ['a value', hash({ a: 2 })],
  ['a type', hash({ a: '1' })],
  ['an order in an array', hash({ a: [1, 2] })],
  ['a field more', hash({ a: 1, b: null })],
  ['the path', hash({ a: 1 }, '/b')],
  ['the method', hash({ a: 1 }, '/a', 'PUT')],
  ['no body', hash(null)],
])('changes with %s', async (_what, other) => {
  expect(await hash({ a: 1 })).not.toEqual(await other)
  expect(await hash({ a: [2, 1] })).not.toEqual(await other)
})

it('sees a field called __proto__', async () => {
  expect(await hash(JSON.parse('{"__proto__":{"a":1}}'))).not.toEqual(await hash({}))
})
