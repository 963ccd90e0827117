import type { InstanceView } from '#contracts/http/instances.ts'
import type { PairingView } from '#contracts/http/pairing.ts'
import { presentPairing } from '#core/rules/present-pairing.ts'
import type { App, Guest } from '#core/verbs/app.ts'
import { watchPairing, type PairingNews } from '#core/verbs/instances/watch-pairing.ts'
import { checkGuest } from './authenticate-guest.ts'

/** News of a pairing with as much of the instance as the watcher may see. */
export type GuestNews = PairingNews<PairingView>

/** Watches the instance of a link as `watchPairing` does, until the link is no longer good. Throws what that throws. */
export async function followPairing(
  app: Pick<App, 'instances' | 'gateway' | 'clock' | 'background' | 'customers'>,
  guest: Guest,
): Promise<AsyncGenerator<GuestNews[], void>> {
  const looks = await watchPairing(app, guest, { id: guest.instanceId, stillAllowed: () => checkGuest(app, guest) })
  return shownTo(guest, looks)
}

async function* shownTo(
  guest: Guest,
  looks: AsyncGenerator<PairingNews<InstanceView>[], void>,
): AsyncGenerator<GuestNews[], void> {
  for await (const news of looks) {
    yield news.map((one) => (one.event === 'state' ? { ...one, data: presentPairing(guest, one.data) } : one))
  }
}
