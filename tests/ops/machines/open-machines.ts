import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Progress } from '#local/stack/progress.ts'
import { stopAll, type Stoppable } from '#local/stack/stop-all.ts'
import { makeBase } from './make-base.ts'
import { makeMachine, type Machine } from './make-machine.ts'
import { openNetwork, removeNetwork, type Network } from './open-network.ts'
import { groupNames, removeGroup } from './process-groups.ts'
import { requireHost } from './require-host.ts'
import { runProgram } from './run-program.ts'

/** Machines of this run, on a network of their own. */
export interface Machines {
  readonly network: Network
  /** For files of the run; goes with the machines. */
  readonly folder: string
  /** Settings by which ssh reaches each, and knows that it is the right one. */
  readonly sshConfig: string
  readonly all: readonly Machine[]
  /** Ends and removes everything. May be called twice. */
  stop(): Promise<void>
}

const parent = '/var/tmp'
const prefix = 'wharf-ops-'

/** Makes and boots machines of these names; leaves nothing when it fails. Throws UserError where it cannot be done. */
export async function openMachines(
  names: readonly string[],
  progress: Progress,
  signal: AbortSignal,
): Promise<Machines> {
  const { codename } = await requireHost()
  const started: Stoppable[] = []
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= stopAll(started))
  try {
    const network = await openNetwork(signal)
    started.push(network)
    const folder = await mkdtemp(path.join(parent, prefix))
    started.push({ stop: () => removeFolder(folder) })

    const key = path.join(folder, 'key')
    await runProgram(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'test:ops', '-f', key], { signal })
    const base = path.join(folder, 'base')
    const publicKey = await readFile(`${key}.pub`, 'utf8')
    await progress.step(
      'an empty Debian',
      () => makeBase(base, { codename, publicKey, signal }),
      () => codename,
    )
    const sshConfig = await writeSshConfig(folder, key)
    const all: Machine[] = []
    await progress.step('machines', async () => {
      for (const [position, name] of names.entries()) {
        const machine = await makeMachine({ name, index: position + 1, network, base, folder, sshConfig, signal })
        started.push(machine)
        all.push(machine)
      }
      await writeFile(knownHostsOf(folder), `${all.map(({ hostKey }) => hostKey).join('\n')}\n`)
      await Promise.all(all.map((machine) => machine.boot()))
    })
    return { network, folder, sshConfig, all, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Takes away what a run left that was killed by force. */
export async function cleanMachines(): Promise<void> {
  for (const name of await groupNames()) await removeGroup(name)
  await removeNetwork()
  for (const name of await readdir(parent)) if (name.startsWith(prefix)) await removeFolder(path.join(parent, name))
}

async function writeSshConfig(folder: string, key: string): Promise<string> {
  const file = path.join(folder, 'ssh_config')
  const settings = {
    IdentityFile: key,
    IdentitiesOnly: 'yes',
    UserKnownHostsFile: knownHostsOf(folder),
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
    BatchMode: 'yes',
    ConnectTimeout: '5',
    // A connection that is kept ends with its machine, also when that says nothing any more.
    ServerAliveInterval: '5',
    ServerAliveCountMax: '2',
    LogLevel: 'ERROR',
  }
  const lines = Object.entries(settings).map(([name, value]) => `  ${name} ${value}`)
  await writeFile(file, `Host *\n${lines.join('\n')}\n`)
  return file
}

function knownHostsOf(folder: string): string {
  return path.join(folder, 'known_hosts')
}

/** Never beyond its own disk: whatever were mounted below is not what was made here. */
async function removeFolder(folder: string): Promise<void> {
  await runProgram(['rm', '--recursive', '--force', '--one-file-system', folder])
}
