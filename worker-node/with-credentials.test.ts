import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withCredentials } from './with-credentials.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wharf-credentials-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a file is a variable of its name, with or without a line end', async () => {
  await writeFile(path.join(folder, 'DATABASE_URL'), 'postgres://host/wharf\n')
  await writeFile(path.join(folder, 'SESSION_KEY_RING'), 'a:b')
  const variables = withCredentials({ PORT: '1', CREDENTIALS_DIRECTORY: folder })
  expect(variables).toMatchObject({ PORT: '1', DATABASE_URL: 'postgres://host/wharf', SESSION_KEY_RING: 'a:b' })
})

test('without credentials there are none', () => {
  expect(withCredentials({ PORT: '1' })).toEqual({ PORT: '1' })
})

test('a folder that was announced and is not there is named', () => {
  expect(() => withCredentials({ CREDENTIALS_DIRECTORY: path.join(folder, 'missing') })).toThrow(
    `CREDENTIALS_DIRECTORY ${folder}/missing cannot be read (ENOENT).`,
  )
})
