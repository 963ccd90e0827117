import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { jobTable } from './job-table.ts'

it('has every job file once, under the name of the file', () => {
  const files = readdirSync(path.join(import.meta.dirname, 'jobs')).map((file) => file.replace(/\.ts$/, ''))
  expect(jobTable.map(({ name }) => name).toSorted()).toEqual(files.toSorted())
})
