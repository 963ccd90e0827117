import assert from 'node:assert/strict'
import type { Stage } from '#tests/ops/stage/open-stage.ts'
import { playOnce } from './playing.ts'
import { untilAllServe } from './whole-fleet.ts'

/** What --check says of machines that have nothing yet. */
export async function checkEmpty({ play, machines }: Stage): Promise<void> {
  const { output } = await playOnce(play, 'provision', '--check')
  for (const machine of machines.all) {
    assert(output.includes(`${machine.name} was not provisioned yet, so everything would be installed.`), output)
    await machine.tell('! command -v nft && ! test -e /opt/wharf')
  }
}

/** What each playbook would do, asked with --check of machines in service: it is told, and nothing is done. */
export async function playChecks(stage: Stage, release: string): Promise<number> {
  const { play, machines } = stage
  const limit = ['--limit', machines.all[0]!.name]
  const checks: [name: string, ...args: string[]][] = [
    ['provision'],
    ['enroll'],
    ['deploy', '-e', `worker_version=${release}`],
    ['drain', ...limit],
    ['activate'],
    ['rotate-secrets', '-e', 'worker_log_level=warn'],
    ['remove', ...limit],
  ]
  const before = await stateOf(stage)
  const told = new Map<string, number>()
  for (const [name, ...args] of checks) told.set(name, (await playOnce(play, name, '--check', ...args)).changed)
  assert.deepEqual(await stateOf(stage), before, '--check changed something.')
  await untilAllServe(
    stage,
    machines.all.map(({ name }) => name),
  )
  const wouldChange = [...told].filter(([, changed]) => changed > 0).map(([name]) => name)
  assert.deepEqual(wouldChange, ['provision', 'deploy', 'drain', 'rotate-secrets', 'remove'])
  return checks.length
}

/** What a playbook may change on each machine: files, the release, the process. */
function stateOf({ machines }: Stage): Promise<string[]> {
  const look = [
    'find /etc /opt/wharf -xdev -name node_modules -prune -o -printf "%p %T@ %s\\n" | sort',
    'readlink /opt/wharf/current',
    'systemctl show --property=MainPID,ActiveEnterTimestamp wharf-worker',
  ]
  return Promise.all(machines.all.map((machine) => machine.tell(look.join(' && '))))
}
