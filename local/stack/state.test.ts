import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadState, saveState } from './state.ts'
import { UserError } from '#local/user-error.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wharf-state-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('the second start reads the secrets that the first one made', async () => {
  const first = await loadState(folder)
  expect(await loadState(folder)).toEqual(first)
})

test('two folders share no secret', async () => {
  const one = await loadState(path.join(folder, 'one'))
  const two = await loadState(path.join(folder, 'two'))
  expect(one.sessionKeyRing).not.toBe(two.sessionKeyRing)
  expect(one.serviceTokenKey).not.toEqual(two.serviceTokenKey)
})

test('only the owner can read the file', async () => {
  await saveState(folder, await loadState(folder))
  expect((await stat(path.join(folder, 'state.json'))).mode & 0o077).toBe(0)
})

test('a broken file is one sentence that says what to do', async () => {
  await writeFile(path.join(folder, 'state.json'), '{"serverIds":')
  const failure = loadState(folder)
  await expect(failure).rejects.toBeInstanceOf(UserError)
  await expect(failure).rejects.toThrow(/remove the folder/)
})
