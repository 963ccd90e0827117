import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { waitFor } from '#local/testing/wait-for.ts'
import type { Network } from './open-network.ts'
import { endGroup, makeGroup, removeGroup } from './process-groups.ts'
import { runProgram, tryProgram, type Finished } from './run-program.ts'

/** A Debian with a systemd of its own, reached by SSH as root. */
export interface Machine {
  readonly name: string
  readonly address: string
  /** Its files, for what must be there before anybody logs in. */
  readonly root: string
  /** Its host key, as a line of known_hosts. */
  readonly hostKey: string
  /** Runs a command there over SSH. */
  ask(command: string): Promise<Finished>
  /** The same for one that has to succeed. Returns what it printed. */
  tell(command: string): Promise<string>
  /** As if its power failed: nothing of it says a word more. */
  kill(): Promise<void>
  /** Boots it again after `kill`. Resolves when it can be reached. */
  boot(): Promise<void>
  /** May be called twice, also after `kill`. */
  stop(): Promise<void>
}

export interface MachineOptions {
  name: string
  /** Its number in the network, from 1. */
  index: number
  network: Network
  /** Folder of an empty Debian. */
  base: string
  /** Where its own is put, beside its console's log. */
  folder: string
  /** Settings of ssh for every machine. */
  sshConfig: string
  signal: AbortSignal
}

const bootTimeoutMs = 90_000

/** Copies the base and boots it. Its host key is added to nothing: the caller does so before anybody asks. */
export async function makeMachine(options: MachineOptions): Promise<Machine> {
  const { name, network, base, signal } = options
  const root = path.join(options.folder, name)
  const address = network.addressOf(options.index)
  await runProgram(['cp', '--archive', '--reflink=auto', base, root], { signal })
  await writeFile(path.join(root, 'etc/hostname'), `${name}\n`)
  await writeFile(path.join(root, 'etc/hosts'), `127.0.0.1 localhost ${name}\n`)
  await writeFile(path.join(root, 'etc/machine-id'), '')
  await writeFile(path.join(root, 'etc/systemd/network/10-host0.network'), networkUnit(network, address))
  await runProgram(['sh', '-c', 'rm -f "$0"/etc/ssh/ssh_host_* && ssh-keygen -A -f "$0"', root], { signal })
  const publicKey = await readFile(path.join(root, 'etc/ssh/ssh_host_ed25519_key.pub'), 'utf8')

  const ssh = (command: string) => ['ssh', '-F', options.sshConfig, `root@${address}`, command]
  let running: ChildProcess | undefined
  const powerOff = async () => {
    if (running === undefined || hasEnded(running)) return
    const gone = once(running, 'exit')
    await endGroup(name)
    await gone
  }
  return {
    name,
    address,
    root,
    hostKey: `${address} ${publicKey.split(' ').slice(0, 2).join(' ')}`,
    ask: (command) => tryProgram(ssh(command), { signal }),
    tell: (command) => runProgram(ssh(command), { signal }),
    kill: powerOff,
    async boot() {
      running = await startMachine(options, root)
      await waitFor(
        async () => {
          if (hasEnded(running!)) return true
          return (await tryProgram(ssh('true'), { signal })).ok
        },
        { what: `${name} to be reached by SSH`, timeoutMs: bootTimeoutMs, intervalMs: 200 },
      )
      if (hasEnded(running))
        throw new Error(`${name} ended while it booted: ${await readFile(consoleOf(root), 'utf8')}`)
    },
    async stop() {
      await powerOff()
      await removeGroup(name)
    },
  }
}

/** Ends with this process, also when that is killed: then systemd-nspawn gets a SIGTERM, and shuts the machine down. */
async function startMachine({ name, network }: MachineOptions, root: string): Promise<ChildProcess> {
  const groups = await makeGroup(name)
  const enter = groups.map((folder) => `echo $$ > ${folder}/cgroup.procs`).join(' && ')
  const nspawn = ['setpriv', '--pdeathsig', 'TERM', 'systemd-nspawn', '--register=no', '--keep-unit', '--boot'].concat(
    [`--directory=${root}`, `--machine=wharf-${name}`, `--network-bridge=${network.bridge}`],
    ['--console=pipe', '--resolv-conf=off'],
  )
  const log = openSync(consoleOf(root), 'a', 0o600)
  try {
    return spawn('sh', ['-c', `${enter} && exec "$@"`, 'sh', ...nspawn], {
      detached: true,
      stdio: ['ignore', log, log],
    })
  } finally {
    closeSync(log)
  }
}

function networkUnit({ gateway, prefix }: Network, address: string): string {
  return `[Match]\nName=host0\n[Network]\nAddress=${address}/${prefix}\nGateway=${gateway}\nIPv6AcceptRA=no\n`
}

function consoleOf(root: string): string {
  return `${root}.console.log`
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}
