import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { createFleetInstances } from '#db/edge-stores/fleet-instances.ts'
import { createPairingLinks } from '#edge/adapters/pairing-links.ts'
import type { SigningKey } from '#edge/config.ts'
import { buildLocalDashboard, buildPhonePage } from '#local/dashboard/build-dashboard.ts'
import { readPages, type Pages } from '#local/dashboard/read-pages.ts'
import { openCamera } from '#local/phone/camera.ts'
import { phoneFront, phonePath } from '#local/phone/phone-front.ts'
import type { Simulator } from '#simulator/api.ts'
import type { StackState } from './state.ts'

interface PagesOptions {
  state: Pick<StackState, 'adminTokenKey'>
  /** Undefined when the stack talks to WhatsApp itself: then there are no virtual phones. */
  simulator: Pick<Simulator, 'controlUrl'> | undefined
  edgeDatabase: EdgeDatabase
  /** Known once the edge runs, which is before anybody asks. */
  edgeUrl: () => string
}

/** What the local stack serves beside the API: the dashboard, and the virtual phones. */
export async function openPages({ state, simulator, edgeDatabase, edgeUrl }: PagesOptions): Promise<Pages> {
  const dashboard = await readPages(await buildLocalDashboard())
  const controlUrl = simulator?.controlUrl
  if (controlUrl === undefined) return dashboard
  const pages = await readPages(await buildPhonePage(), phonePath)
  const pairingLinks = createPairingLinks(state.adminTokenKey as SigningKey, () => new Date())
  const camera = openCamera({ instances: createFleetInstances(edgeDatabase), pairingLinks, edgeUrl })
  return phoneFront({ pages, controlUrl, camera }, dashboard)
}
