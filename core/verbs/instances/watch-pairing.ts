import { ApiError } from '#contracts/errors.ts'
import type { InstanceView, QrView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { PairingEnd } from '#contracts/pairing-end.ts'
import type { Route } from '#core/ports/instances.ts'
import { pairingEnd, qrKey, readTold, rests, stateKey, toldId, type Told } from '#core/rules/pairing-progress.ts'
import type { App, Owner } from '#core/verbs/app.ts'
import { instanceStopped } from './command-instance.ts'
import { getInstance } from './get-instance.ts'

/** Between two looks: what watching costs is one command to the worker a second, while there is a code. */
export const lookEveryMs = 1_000
/** A watch ends after so long. Bounds what a forgotten one costs. */
export const longestWatchMs = 5 * 60_000
const longestStartMs = 15_000
const checkEveryLooks = 15

export type PairingNews<V = InstanceView> = { id: string } & (
  { event: 'state'; data: V } | { event: 'qr'; data: QrView } | { event: 'end'; data: { reason: PairingEnd } }
)

export interface WatchPairingInput {
  id: InstanceId
  /** Of the last news of a watch that broke off. */
  lastEventId?: string | undefined
  /** Asked now and then: throws when the watcher may no longer watch. */
  stillAllowed: () => Promise<void>
}

type Ports = Pick<App, 'instances' | 'gateway' | 'clock' | 'background'>

/**
 * Watches an instance until it is paired, cannot be, or five minutes are over: what each look a second found, mostly
 * nothing. Throws NOT_FOUND and CONFLICT here; later what a look or `stillAllowed` throws. A worker
 * that does not answer is waited for.
 */
export async function watchPairing(
  app: Ports,
  actor: Owner,
  input: WatchPairingInput,
): Promise<AsyncGenerator<PairingNews[], void>> {
  const instance = await getInstance(app, actor, input.id)
  if (instance.desired === 'stopped') throw instanceStopped()
  return watch(app, actor, instance, input)
}

async function* watch(
  app: Ports,
  actor: Owner,
  first: InstanceView,
  { id, lastEventId, stillAllowed }: WatchPairingInput,
): AsyncGenerator<PairingNews[], void> {
  const startedAt = app.clock.now().getTime()
  const lookForQr = qrLooks(app, actor, id)
  let told = readTold(lastEventId)
  let instance = first
  let mayStart = rests(first)
  for (let looks = 1; ; looks++) {
    const elapsedMs = app.clock.now().getTime() - startedAt
    const qr = instance.state === 'connected' ? undefined : await lookForQr()
    // A code is a sign of pairing: only without one, or until that state is told, the database knows more.
    if (qr === undefined || instance.state !== 'pairing') instance = await getInstance(app, actor, id)
    mayStart &&= stateKey(instance) === stateKey(first) && elapsedMs < longestStartMs
    const end = pairingEnd(instance, { mayStart }) ?? (elapsedMs >= longestWatchMs ? 'timeout' : undefined)
    const found = newsOf(told, instance, end === undefined ? qr : undefined)
    told = found.told
    yield end === undefined ? found.news : [...found.news, { id: toldId(told), event: 'end', data: { reason: end } }]
    if (end !== undefined) return
    if (looks % checkEveryLooks === 0) await stillAllowed()
    await app.background.sleep(lookEveryMs)
  }
}

/** What has not been told yet. */
function newsOf(before: Told, instance: InstanceView, qr: QrView | undefined): { news: PairingNews[]; told: Told } {
  const news: PairingNews[] = []
  const told = { ...before }
  if (told.state !== stateKey(instance)) {
    told.state = stateKey(instance)
    news.push({ id: toldId(told), event: 'state', data: instance })
  }
  if (qr !== undefined && told.qr !== qrKey(qr)) {
    told.qr = qrKey(qr)
    news.push({ id: toldId(told), event: 'qr', data: qr })
  }
  return { news, told }
}

/** Asks the worker for the code, by a route that is read once and again when that worker cannot answer. */
function qrLooks({ instances, gateway }: Ports, { customerId }: Owner, id: InstanceId) {
  let route: Route | undefined
  return async (): Promise<QrView | undefined> => {
    route ??= await instances.route(customerId, id)
    if (route === undefined || route.incarnation === null) {
      route = undefined
      return undefined
    }
    try {
      return await gateway.command(route, 'qr', {})
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code !== 'INSTANCE_NOT_PAIRING') route = undefined
      return undefined
    }
  }
}
