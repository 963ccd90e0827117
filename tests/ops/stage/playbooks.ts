import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runProgram, tryProgram } from '#tests/ops/machines/run-program.ts'

export interface Played {
  ok: boolean
  output: string
  /** Sum over the machines of what was changed. */
  changed: number
}

/** Plays a playbook of the checkout by its name, such as `deploy`. */
export type Play = (name: string, ...args: string[]) => Promise<Played>

export interface PlaybookOptions {
  /** The checkout that the playbooks stand in. */
  checkout: string
  /** For files of the run. */
  folder: string
  /** Variables of each machine, those of all, and the secrets, which are encrypted as an operator's are. */
  hosts: Record<string, Record<string, unknown>>
  vars: Record<string, unknown>
  secrets: Record<string, unknown>
  /** Authorities that this side trusts, as a file. */
  trusted: string
  signal: AbortSignal
}

/** Writes inventory and vault as docs/playbooks.md says. `stop` ends the connections that Ansible keeps. */
export async function preparePlaybooks(options: PlaybookOptions): Promise<{ play: Play; stop(): Promise<void> }> {
  const { checkout, folder, hosts, vars, secrets, trusted, signal } = options
  const ansible = path.join(checkout, 'ansible')
  const inventory = path.join(ansible, 'inventory/production')
  const group = path.join(inventory, 'group_vars/workers')
  const vault = path.join(group, 'vault.yml')
  const password = path.join(folder, 'vault-password')
  await mkdir(group, { recursive: true })
  await writeFile(path.join(inventory, 'hosts.yml'), yaml({ workers: { hosts } }))
  await writeFile(path.join(group, 'main.yml'), yaml(vars))
  await writeFile(vault, yaml(secrets))
  await writeFile(password, crypto.randomUUID(), { mode: 0o600 })
  const connections = path.join(folder, 'connections')
  const env = { ANSIBLE_NOCOLOR: '1', ANSIBLE_SSH_CONTROL_PATH_DIR: connections, SSL_CERT_FILE: trusted }
  await runProgram(['ansible-vault', 'encrypt', '--vault-password-file', password, vault], { env, signal })

  return {
    async play(name, ...args) {
      const command = ['ansible-playbook', '-i', 'inventory/production', '--vault-password-file', password]
      const { ok, output } = await tryProgram([...command, ...args, `${name}.yml`], { cwd: ansible, env, signal })
      const leaked = Object.entries(secrets).find(([, value]) => output.includes(String(value)))
      if (leaked !== undefined) throw new Error(`${name}.yml printed the secret ${leaked[0]}.`)
      return { ok, output, changed: changedIn(output) }
    },
    async stop() {
      const sockets = await readdir(connections).catch(() => [])
      for (const socket of sockets) await tryProgram(['ssh', '-O', 'exit', '-S', path.join(connections, socket), 'any'])
    },
  }
}

/** JSON is YAML too. */
function yaml(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** By the recap, a line of each machine. */
export function changedIn(output: string): number {
  const counts = [...output.matchAll(/^\S+ +: ok=\d+ +changed=(\d+)/gm)]
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}
