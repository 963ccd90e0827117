import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { errorStatus } from './errors.ts'
import { messageFailures } from './message-status.ts'

const page = readFileSync('docs/errors.md', 'utf8')

it('docs/errors.md has a section for each code, with its status', () => {
  const sections = Array.from(page.matchAll(/^## ([A-Z_]+)\n\n(\d{3})\. /gm), ([, code, status]) => [
    code,
    Number(status),
  ])
  expect(Object.fromEntries(sections)).toEqual(errorStatus)
})

it('docs/errors.md explains why messages fail', () => {
  const rows = Array.from(page.matchAll(/^\| `([A-Z_]+)` /gm), ([, code]) => code)
  expect(rows.toSorted()).toEqual(Object.keys(messageFailures).toSorted())
})
