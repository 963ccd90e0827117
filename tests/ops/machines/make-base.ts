import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '#local/user-error.ts'
import { runProgram } from './run-program.ts'

/** What a hosting provider's image of Debian has, beside the least: SSH, Python for Ansible, and a network that starts itself. */
const packages = ['systemd', 'systemd-sysv', 'dbus', 'python3', 'openssh-server', 'ca-certificates', 'iproute2']

export interface BaseOptions {
  codename: string
  /** Who may log in as root, as a line of authorized_keys. */
  publicKey: string
  signal: AbortSignal
}

/**
 * An empty Debian in a folder, for machines to be copied from. It finds packages where this machine does: repositories,
 * apt's settings, name servers and trusted authorities are copied from here.
 */
export async function makeBase(folder: string, { codename, publicKey, signal }: BaseOptions): Promise<void> {
  const sources = await aptSources(codename, signal)
  // Mounts that it makes are its own: they go with it, also when it is killed.
  const [, mirror] = sources[0]!.split(' ')
  const bootstrap = ['debootstrap', '--variant=minbase', `--include=${packages.join(',')}`, codename, folder, mirror!]
  await runProgram(['unshare', '--mount', '--propagation', 'private', ...bootstrap], { signal })

  const put = async (file: string, text: string, mode = 0o644) => {
    const target = path.join(folder, file)
    await mkdir(path.dirname(target), { recursive: true })
    await writeFile(target, text, { mode })
  }
  await put('etc/apt/sources.list', `${sources.join('\n')}\n`)
  await put('etc/apt/apt.conf.d/90host', await runProgram(['apt-config', 'dump', 'Acquire'], { signal }))
  await put('root/.ssh/authorized_keys', publicKey, 0o600)
  await rm(path.join(folder, 'etc/resolv.conf'), { force: true })
  await put('etc/resolv.conf', await readFile(nameServers(), 'utf8'))
  await copyFile('/etc/ssl/certs/ca-certificates.crt', path.join(folder, 'usr/local/share/ca-certificates/host.crt'))
  await runProgram(['chroot', folder, 'update-ca-certificates'], { signal })
  await runProgram(['systemctl', `--root=${folder}`, 'enable', 'systemd-networkd', 'ssh'], { signal })
}

/** This machine's repositories of its own release, as lines of sources.list; the one that has everything comes first. */
async function aptSources(codename: string, signal: AbortSignal): Promise<string[]> {
  let sources = await knownSources(codename, signal)
  if (sources.length === 0) {
    // Images come without lists of packages, and then apt knows of no release either.
    await runProgram(['apt-get', 'update', '--quiet=2'], { signal })
    sources = await knownSources(codename, signal)
  }
  if (!isWhole(sources[0] ?? '', codename))
    throw new UserError(
      `apt of this machine names no repository of ${codename}: look at /etc/apt, then run this again.`,
    )
  return sources
}

async function knownSources(codename: string, signal: AbortSignal): Promise<string[]> {
  const format = ['indextargets', '--format', 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)', 'Created-By: Packages']
  const lines = (await runProgram(['apt-get', ...format], { signal })).trim().split('\n')
  const own = lines.filter((line) => line.split(' ')[2]?.startsWith(codename) === true)
  return own.toSorted((one, other) => Number(isWhole(other, codename)) - Number(isWhole(one, codename)))
}

function isWhole(line: string, codename: string): boolean {
  const [, , release, component] = line.split(' ')
  return release === codename && component === 'main'
}

/** Not a resolver on loopback: the machine's loopback is another one. */
function nameServers(): string {
  const behindResolved = '/run/systemd/resolve/resolv.conf'
  return existsSync(behindResolved) ? behindResolved : '/etc/resolv.conf'
}
