import type { Progress } from '#local/stack/progress.ts'
import type { Machine } from './machines/make-machine.ts'
import { openMachines, type Machines } from './machines/open-machines.ts'
import { openStage, type Stage } from './stage/open-stage.ts'
import { startSender, type Sender } from './stage/start-messages.ts'
import { deployBrokenRelease, deployUnreachable, enrollTwice, makeMistakes } from './steps/bad-input.ts'
import { checkEmpty, playChecks } from './steps/check-mode.ts'
import { lookAtPorts, lookAtProxy, lookAtSandbox } from './steps/look-at-machine.ts'
import { playTwice } from './steps/playing.ts'
import { moveAllTo, untilAllServe, untilHeldBy } from './steps/whole-fleet.ts'

const names = ['one', 'two']
const instances = 4

/** Every step, one after the other. Throws at the first that does not hold; leaves nothing. */
export async function runOps(progress: Progress, signal: AbortSignal): Promise<void> {
  const machines = await openMachines(names, progress, signal)
  try {
    await onMachines(machines, progress, signal)
  } finally {
    await machines.stop()
  }
}

async function onMachines(machines: Machines, progress: Progress, signal: AbortSignal): Promise<void> {
  const stage = await openStage(machines, progress, signal)
  try {
    await putIntoService(stage, progress)
    await lookAt(stage, progress)
    const sender = await progress.step(
      'instances',
      () => startSender(stage.stack, instances, signal),
      ({ instanceIds }) => `${instanceIds.length}, paired by codes`,
    )
    const scene = { stage, sender, progress }
    const release = await upgrade(scene)
    await operate(scene)
    await loseMachines(scene, release)
  } finally {
    await stage.stop()
  }
}

interface Scene {
  stage: Stage
  sender: Sender
  progress: Progress
}

const changes = (count: number) => `${count} changes, then none`
const shown = ({ messages }: { messages: number }) => `${messages} messages meanwhile, each shown once`

async function putIntoService(stage: Stage, progress: Progress): Promise<void> {
  const { play } = stage
  await progress.step('check of nothing', () => checkEmpty(stage))
  await progress.step('provision', () => playTwice(play, 'provision'), changes)
  await progress.step('enroll', () => playTwice(play, 'enroll'), changes)
  await progress.step('both serve', () => untilAllServe(stage, names))
}

async function lookAt({ machines: { all }, authority }: Stage, progress: Progress): Promise<void> {
  const each = <T>(look: (machine: Machine) => Promise<T>) => Promise.all(all.map(look))
  await progress.step(
    'sandbox',
    () => each(lookAtSandbox),
    (exposures) => `exposure ${exposures.join(' and ')}`,
  )
  await progress.step(
    'open ports',
    () => each(lookAtPorts),
    ([ports]) => `${ports!.join(' and ')} of 65535, of each`,
  )
  await progress.step('proxy', () => each((machine) => lookAtProxy(machine, authority.certificate)))
}

/** Both machines get a release while messages flow, and one that does not start. Returns the one that they run then. */
async function upgrade({ stage, sender, progress }: Scene): Promise<string> {
  const { play, checkout } = stage
  const release = await checkout.commit('Second')
  await progress.step(
    'check mode',
    () => playChecks(stage, release),
    (count) => `${count} playbooks, nothing changed`,
  )
  await progress.step('rolling upgrade', () => sender.during(() => playTwice(play, 'deploy')), shown)
  await progress.step(
    'broken release',
    () => sender.during(() => deployBrokenRelease(stage, release)),
    (done) => `put back; ${shown(done)}`,
  )
  await untilAllServe(stage, names)
  return release
}

async function operate({ stage, sender, progress }: Scene): Promise<void> {
  const { play } = stage
  await progress.step(
    'mistakes',
    () => makeMistakes(stage),
    (count) => `${count}, each told in a sentence`,
  )
  await progress.step('a token twice', () => enrollTwice(stage))
  await progress.step('drain', () => sender.during(() => playTwice(play, 'drain', '--limit', 'one')), shown)
  await untilHeldBy(stage, ['two'])
  await progress.step('activate', () => playTwice(play, 'activate', '--limit', 'one'), changes)
  const settings = ['-e', 'worker_log_level=warn']
  await progress.step(
    'rotate-secrets',
    () => sender.during(() => playTwice(play, 'rotate-secrets', ...settings)),
    shown,
  )
  await untilAllServe(stage, names)
}

async function loseMachines({ stage, sender, progress }: Scene, release: string): Promise<void> {
  const { play, machines } = stage
  const [one, two] = machines.all
  const dies = async () => {
    await two!.kill()
    await untilHeldBy(stage, [one!.name])
  }
  await progress.step('all on one machine', () => moveAllTo(stage, two!.name))
  await progress.step('a machine dies', () => sender.during(dies), shown)
  await progress.step('not reached', () => deployUnreachable(stage, two!.name, release))
  await progress.step('it comes back', async () => {
    await two!.boot()
    await untilAllServe(stage, names)
  })
  await progress.step('remove', () => sender.during(() => playTwice(play, 'remove', '--limit', two!.name)), shown)
  await untilAllServe(stage, [one!.name])
}
