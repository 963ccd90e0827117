import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readHistories, saveHistories } from './history-folder.ts'
import type { Histories } from './histories.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wharf-histories-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const histories: Omit<Histories, 'writes'> = {
  api: [{ atMs: 1, key: 'k', body: 'out 0.0 1', status: null, code: 'TimeoutError' }],
  wire: [{ kind: 'written', body: 'in 0.0 1', waMessageId: 'W', receipt: true }],
  database: [{ kind: 'journal', instanceId: 'ins_1', seq: 1, epoch: 1 }],
  webhooks: [],
}
const write = { startedMs: 1, operation: 'commit', instanceId: 'ins_1', epoch: 1 }

it('reads what it saved, with the writes of every worker', async () => {
  await saveHistories(folder, histories)
  await writeFile(path.join(folder, 'writes-17.jsonl'), `${JSON.stringify(write)}\n`)
  await writeFile(path.join(folder, 'writes-18.jsonl'), `${JSON.stringify(write)}\n`)
  expect(await readHistories(folder)).toEqual({ ...histories, writes: [write, write] })
})

it('takes half a line for the end of a killed worker, but not of a history', async () => {
  await saveHistories(folder, histories)
  await writeFile(path.join(folder, 'writes-17.jsonl'), `${JSON.stringify(write)}\n{"star`)
  expect((await readHistories(folder)).writes).toEqual([write])
  await appendFile(path.join(folder, 'api.jsonl'), '{"at')
  await expect(readHistories(folder)).rejects.toThrow('api.jsonl ends in the middle of a line.')
})

it('says so when a history is missing', async () => {
  await saveHistories(folder, histories)
  await rm(path.join(folder, 'wire.jsonl'))
  await expect(readHistories(folder)).rejects.toThrow('wire.jsonl')
})
