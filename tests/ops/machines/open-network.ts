import { readFile, writeFile } from 'node:fs/promises'
import { UserError } from '#local/user-error.ts'
import { runProgram, tryProgram } from './run-program.ts'

/** The machines' own network: a bridge, on which this machine is the gateway. What leaves it carries this machine's address. */
export interface Network {
  readonly bridge: string
  /** This machine, as the others see it. */
  readonly gateway: string
  readonly prefix: number
  /** Address of the n-th machine, from 1. */
  addressOf(index: number): string
  stop(): Promise<void>
}

const bridge = 'wharf-ops'
const table = 'wharf_ops'
const subnet = '10.213.77'
/** Whether this machine passes packets on. */
export const forwarding = '/proc/sys/net/ipv4/ip_forward'

const masquerade = `table ip ${table} {
  chain postrouting {
    type nat hook postrouting priority srcnat
    ip saddr ${subnet}.0/24 oifname != "${bridge}" masquerade
  }
}
`

/** One at a time on a machine: the bridge is the lock. Throws UserError when there is one. */
export async function openNetwork(signal: AbortSignal): Promise<Network> {
  const made = await tryProgram(['ip', 'link', 'add', bridge, 'type', 'bridge'], { signal })
  if (!made.ok) {
    if (!made.output.includes('File exists')) throw new UserError(`No network for the machines: ${made.output.trim()}`)
    throw new UserError(
      `There is a bridge ${bridge} already: another test:ops runs on this machine, or one was killed by force. When none runs, \`npm run test:ops -- --clean\` takes away what it left.`,
    )
  }
  try {
    // Noted at the bridge, so that it is found also after a run that was killed.
    const before = (await readFile(forwarding, 'utf8')).trim()
    await runProgram(['ip', 'link', 'set', bridge, 'alias', before], { signal })
    await runProgram(['ip', 'address', 'add', `${subnet}.1/24`, 'dev', bridge], { signal })
    await runProgram(['ip', 'link', 'set', bridge, 'up'], { signal })
    await runProgram(['nft', '--file', '-'], { signal, input: masquerade })
    await writeFile(forwarding, '1')
  } catch (error) {
    await removeNetwork()
    throw error
  }
  return {
    bridge,
    gateway: `${subnet}.1`,
    prefix: 24,
    addressOf: (index) => `${subnet}.${10 + index}`,
    stop: removeNetwork,
  }
}

/** Takes the network away, also that of a run that was killed; packets are passed on or not as before it. */
export async function removeNetwork(): Promise<void> {
  const before = await readFile(`/sys/class/net/${bridge}/ifalias`, 'utf8').catch(() => '')
  if (before.trim() !== '') await writeFile(forwarding, before)
  await tryProgram(['nft', 'delete', 'table', 'ip', table])
  await tryProgram(['ip', 'link', 'delete', bridge])
}
