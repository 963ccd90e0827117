import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { KeyWrite } from '#core/ports/session-keys.ts'
import { mergeKeyWrites } from './merge-key-writes.ts'

const anyWrite: fc.Arbitrary<KeyWrite> = fc.record({
  type: fc.constantFrom('session', 'pre-key'),
  id: fc.constantFrom('1', '2'),
  value: fc.option(fc.uint8Array({ minLength: 1, maxLength: 1 })),
  insertOnly: fc.boolean(),
})

describe('merged key writes', () => {
  it('come to what the writes come to one after the other, whatever was stored', () => {
    fc.assert(
      fc.property(fc.array(anyWrite), fc.array(anyWrite), (before, writes) => {
        const { puts, deletes } = mergeKeyWrites(writes)
        const merged = [...puts, ...deletes.map((key) => ({ ...key, value: null }))]
        expect(applied(merged, applied(before))).toEqual(applied(writes, applied(before)))
      }),
    )
  })

  it('name no key twice', () => {
    fc.assert(
      fc.property(fc.array(anyWrite), (writes) => {
        const { puts, deletes } = mergeKeyWrites(writes)
        const places = [...puts, ...deletes].map(({ type, id }) => `${type} ${id}`)
        expect(new Set(places).size).toBe(places.length)
      }),
    )
  })
})

function applied(writes: readonly KeyWrite[], before: ReadonlyMap<string, number> = new Map()): Map<string, number> {
  const stored = new Map(before)
  for (const { type, id, value, insertOnly } of writes) {
    const place = `${type} ${id}`
    if (value === null) stored.delete(place)
    else if (insertOnly !== true || !stored.has(place)) stored.set(place, value[0] ?? 0)
  }
  return stored
}
