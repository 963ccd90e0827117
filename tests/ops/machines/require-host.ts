import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { findProgram } from '#local/testing/find-program.ts'
import { UserError } from '#local/user-error.ts'
import { forwarding } from './open-network.ts'
import { hierarchies } from './process-groups.ts'
import { tryProgram } from './run-program.ts'

/** Programs that make machines and play on them, and the Debian packages that bring them. */
const programs = {
  debootstrap: 'debootstrap',
  'systemd-nspawn': 'systemd-container',
  nft: 'nftables',
  ip: 'iproute2',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  openssl: 'openssl',
  'ansible-playbook': 'ansible-core',
  git: 'git',
  unshare: 'util-linux',
}

/** Where machines can be made: Linux, as root, on a Debian, with the programs that it takes. Throws UserError. */
export async function requireHost(): Promise<{ codename: string }> {
  if (process.platform !== 'linux') throw new UserError('Machines are made with systemd-nspawn, which needs Linux.')
  if (process.getuid?.() !== 0)
    throw new UserError('Machines are made with debootstrap and systemd-nspawn, which need root: run this as root.')
  const codename = await codenameOfDebian()
  if (codename === undefined)
    throw new UserError('The machines get the Debian of this one, and this is none: run this on Debian 12 or newer.')
  const missing = Object.entries(programs).filter(([name]) => findProgram(name) === undefined)
  if (missing.length > 0) {
    const names = missing.map(([name]) => name).join(', ')
    const packages = [...new Set(missing.map(([, from]) => from))].join(' ')
    throw new UserError(
      `${names} not found: \`apt-get install --no-install-recommends ${packages}\`, then run this again.`,
    )
  }
  await requirePowers()
  return { codename }
}

/** What root lacks in a container that was started without privileges. */
async function requirePowers(): Promise<void> {
  const isWritable = (file: string) =>
    access(file, constants.W_OK).then(
      () => true,
      () => false,
    )
  const namespaces = await tryProgram(['unshare', '--mount', '--net', '--pid', '--fork', 'true'])
  // debootstrap makes some. In a user namespace root may do all else, and not this.
  const device = await tryProgram([
    'sh',
    '-c',
    'folder=$(mktemp -d); mknod "$folder/null" c 1 3; made=$?; rm -rf "$folder"; exit $made',
  ])
  const lacking = [
    ...(namespaces.ok ? [] : ['makes no namespaces']),
    ...(device.ok ? [] : ['makes no device files']),
    ...(hierarchies.length > 0 && (await isWritable(hierarchies[0]!)) ? [] : ['makes no control groups']),
    ...((await isWritable(forwarding)) ? [] : [`does not write ${forwarding}`]),
  ]
  if (lacking.length > 0)
    throw new UserError(
      `Machines are made with systemd-nspawn, and root here ${lacking.join(', ')}: run this on a machine of its own, or in a container with all privileges.`,
    )
}

async function codenameOfDebian(): Promise<string | undefined> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return /^ID=debian$/m.test(text) ? /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1] : undefined
}
