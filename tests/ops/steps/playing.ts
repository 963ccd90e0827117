import { UserError } from '#local/user-error.ts'
import type { Play, Played } from '#tests/ops/stage/playbooks.ts'

/** Plays it; it has to succeed. */
export async function playOnce(play: Play, name: string, ...args: string[]): Promise<Played> {
  const played = await play(name, ...args)
  if (!played.ok) throw new UserError(`${name}.yml failed:\n${tailOf(played)}`)
  return played
}

/** The same twice: the second time nothing may change. Returns what the first changed. */
export async function playTwice(play: Play, name: string, ...args: string[]): Promise<number> {
  const first = await playOnce(play, name, ...args)
  const second = await playOnce(play, name, ...args)
  if (second.changed !== 0) throw new UserError(`${name}.yml changed something again:\n${changesOf(second)}`)
  return first.changed
}

/** It has to stop, and say this sentence. */
export async function playInVain(play: Play, sentence: string, name: string, ...args: string[]): Promise<Played> {
  const played = await play(name, ...args)
  // Ansible breaks no line of a message, but it escapes quotes in it.
  const said = played.output.replaceAll(String.raw`\"`, '"').includes(sentence)
  if (played.ok || !said)
    throw new UserError(
      `${name}.yml ${played.ok ? 'succeeded' : 'failed'} and did not say "${sentence}":\n${tailOf(played)}`,
    )
  return played
}

function tailOf({ output }: Played): string {
  return output.trim().split('\n').slice(-40).join('\n')
}

/** Names of the tasks that changed something, each with the line that says so. */
function changesOf({ output }: Played): string {
  const tasks = output.split(/^(?=TASK |RUNNING HANDLER )/m)
  return tasks.filter((task) => /^changed: /m.test(task)).join('')
}
