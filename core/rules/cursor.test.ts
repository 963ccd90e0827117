import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { cursorAfter, pageOf, readCursor } from './cursor.ts'

const list = `messages/${newId('instance')}`

describe('a cursor', () => {
  it('gives back the id that it was made of', () => {
    const id = newId('message')
    expect(readCursor(list, cursorAfter(list, id))).toBe(id)
  })

  it('fits into the 200 characters that a query takes, and into a URL as it is', () => {
    expect(cursorAfter(list, newId('message'))).toMatch(/^[A-Za-z0-9_-]{1,200}$/)
  })

  it.each([
    ['of another list', cursorAfter(`messages/${newId('instance')}`, newId('message'))],
    ['whose id is not one', cursorAfter(list, "' OR 1=1 --")],
    ['that is not base64url', 'a+b/c='],
    ['of an impossible length', 'a'],
    ['that is empty', ''],
    ['beyond ASCII', 'привет'],
  ])('%s is a VALIDATION_ERROR that names the field', (_, cursor) => {
    expect(() => readCursor(list, cursor)).toThrow(
      expect.objectContaining({ code: 'VALIDATION_ERROR', details: { cursor: 'is not a cursor of this list' } }),
    )
  })
})

describe('a page', () => {
  const items = [1, 2, 3].map(() => ({ id: newId('message') }))

  it('names the next one only when there is more', () => {
    expect(pageOf(list, 3, items)).toEqual({ items, nextCursor: null })
    expect(pageOf(list, 2, items)).toEqual({ items: items.slice(0, 2), nextCursor: cursorAfter(list, items[1]!.id) })
    expect(pageOf(list, 2, [])).toEqual({ items: [], nextCursor: null })
  })
})
