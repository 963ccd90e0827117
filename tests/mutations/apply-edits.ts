import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Edit } from './mutations.ts'

/** The text does not stand there exactly once: the code has changed, and the mutation has to follow it. */
export class EditDoesNotApply extends Error {
  constructor({ file, find }: Edit, times: number) {
    super(`${file} has this ${times} times instead of once:\n${find}`)
    this.name = 'EditDoesNotApply'
  }
}

/** The file's text with the edit in it. Throws EditDoesNotApply. */
export function applyEdit(text: string, edit: Edit): string {
  const times = text.split(edit.find).length - 1
  if (times !== 1) throw new EditDoesNotApply(edit, times)
  return text.replace(edit.find, () => edit.replace)
}

/** Writes the edits into the sources below `root`; returns the way back. Throws EditDoesNotApply. */
export async function applyEdits(root: string, edits: readonly Edit[]): Promise<() => Promise<void>> {
  const originals = new Map<string, string>()
  for (const edit of edits) {
    const file = path.join(root, edit.file)
    const text = await readFile(file, 'utf8')
    if (!originals.has(file)) originals.set(file, text)
    await writeFile(file, applyEdit(text, edit))
  }
  return async () => {
    for (const [file, text] of originals) await writeFile(file, text)
  }
}
