import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Histories } from './histories.ts'

const kinds = ['api', 'wire', 'database', 'webhooks', 'writes'] as const

/** Keeps histories as JSON lines: `api.jsonl`, `wire.jsonl` and so on; what workers write stands in `writes-PID.jsonl`. */
export async function saveHistories(folder: string, histories: Omit<Histories, 'writes'>): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [kind, records] of Object.entries(histories)) {
    const file = path.join(folder, `${kind}.jsonl`)
    await writeFile(file, '')
    for (let at = 0; at < records.length; at += batch) {
      const lines = (records as object[]).slice(at, at + batch).map((record) => JSON.stringify(record))
      await appendFile(file, `${lines.join('\n')}\n`)
    }
  }
}

const batch = 5_000

/** Reads what `saveHistories` and the workers wrote. Throws when a file of the four histories is missing or broken. */
export async function readHistories(folder: string): Promise<Histories> {
  const files = await readdir(folder)
  const histories: Histories = { api: [], wire: [], database: [], webhooks: [], writes: [] }
  for (const kind of kinds) {
    const names = kind === 'writes' ? files.filter((name) => /^writes-\d+\.jsonl$/.test(name)) : [`${kind}.jsonl`]
    for (const name of names) {
      const records = parseLines(await readFile(path.join(folder, name), 'utf8'), name)
      for (const record of records) (histories[kind] as unknown[]).push(record)
    }
  }
  return histories
}

/** A process that was killed may have left half a line at the end of its own file. */
function parseLines(text: string, name: string): unknown[] {
  const lines = text.split('\n')
  const last = lines.pop()
  if (last !== '' && !name.startsWith('writes-')) throw new Error(`${name} ends in the middle of a line.`)
  return lines.map((line) => JSON.parse(line) as unknown)
}
