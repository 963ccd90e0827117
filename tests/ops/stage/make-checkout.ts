import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runProgram } from '#tests/ops/machines/run-program.ts'

/** A checkout that playbooks stand in, whose commits are this run's. */
export interface Checkout {
  readonly folder: string
  /** Writes files and commits. Returns the commit's short id, as releases are named by it. */
  commit(message: string, files?: Record<string, string>): Promise<string>
}

const root = path.resolve(import.meta.dirname, '../../..')

/** The project's files as they lie here, what is not committed yet included, as the first commit of a repository. */
export async function makeCheckout(folder: string, signal: AbortSignal): Promise<Checkout> {
  await mkdir(folder)
  const copy =
    'git ls-files -z --cached --others --exclude-standard --deduplicate | tar -c --null -T - --ignore-failed-read'
  await runProgram(['sh', '-c', `${copy} | tar -x -C "$0"`, folder], { cwd: root, signal })
  const git = (...args: string[]) =>
    runProgram(['git', '-c', 'user.name=test:ops', '-c', 'user.email=test-ops@example.com', ...args], {
      cwd: folder,
      signal,
    })
  await git('init', '--quiet')
  return {
    folder,
    async commit(message, files = {}) {
      for (const [file, text] of Object.entries(files)) await writeFile(path.join(folder, file), text)
      await git('add', '--all')
      await git('commit', '--quiet', '--allow-empty', '--message', message)
      return (await git('rev-parse', '--short=12', 'HEAD')).trim()
    },
  }
}
