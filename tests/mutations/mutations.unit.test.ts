import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyEdit } from './apply-edits.ts'
import { judgeMutation } from './judge-mutation.ts'
import { mutations } from './mutations.ts'

const root = path.resolve(import.meta.dirname, '../..')

describe.each(mutations)('the mutation $name', ({ edits, suites, noticedBy }) => {
  it('still finds its place in the sources', () => {
    const texts = new Map<string, string>()
    for (const edit of edits) {
      const text = texts.get(edit.file) ?? readFileSync(path.join(root, edit.file), 'utf8')
      texts.set(edit.file, applyEdit(text, edit))
    }
    expect(texts.size).toBeGreaterThan(0)
  })

  it('names suites that exist, and for each the test that has to fail', () => {
    expect(suites.filter((suite) => !existsSync(path.join(root, suite)))).toEqual([])
    expect(noticedBy).toHaveLength(suites.length)
  })
})

it('an edit that fits nowhere or in two places is refused', () => {
  const edit = { file: 'a.ts', find: 'one', replace: 'two' }
  expect(applyEdit('zero one', edit)).toBe('zero two')
  expect(() => applyEdit('zero', edit)).toThrow(/0 times/)
  expect(() => applyEdit('one one', edit)).toThrow(/2 times/)
})

describe('a mutation is red', () => {
  const mutation = { name: '', mistake: '', edits: [], suites: ['a.test.ts'], noticedBy: [/keeps/] }
  const result = { file: 'a.test.ts', passed: 3, failed: ['it keeps the promise'], broken: undefined }

  it('when a test that is about it fails', () => {
    expect(judgeMutation(mutation, [result])).toEqual({ verdict: 'red', by: 'it keeps the promise' })
  })

  it.each([
    ['green', { ...result, failed: [] }],
    ['broken', { ...result, failed: [], broken: 'SyntaxError' }],
    ['wrong reason', { ...result, failed: ['something else'] }],
  ])('and not when it is %s', (verdict, other) => {
    expect(judgeMutation(mutation, [other])).toMatchObject({ verdict })
  })
})
