import { childOf, childrenOf, makeNode } from '#simulator/wire/node.ts'
import { badRequest } from './iq-handler.ts'
import type { IqHandler } from './iq-handler.ts'

/**
 * `w:sync:app:state`: settings that devices share (archived, muted ...). The simulator keeps none: every collection is as
 * new as the device says, and patches are accepted and forgotten.
 */
export const appStateHandler: IqHandler = (_context, iq) => {
  const sync = childOf(iq, 'sync')
  if (!sync) return badRequest
  const collections = childrenOf(sync, 'collection').map(({ attrs }) =>
    makeNode('collection', { name: attrs['name'], version: attrs['version'] ?? '0', has_more_patches: 'false' }),
  )
  return [makeNode('sync', {}, collections)]
}
