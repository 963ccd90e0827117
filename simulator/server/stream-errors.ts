import type { DisconnectKind } from '#simulator/api.ts'
import { makeNode } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'

type StreamError = Exclude<DisconnectKind, 'drop'>

/** The last stanza of a connection that the server ends, by reason. */
export const streamErrors: Record<StreamError, () => BinaryNode> = {
  close: () => makeNode('xmlstreamend'),
  '503': () => makeNode('stream:error', { code: '503' }),
  '515': () => makeNode('stream:error', { code: '515' }),
  replaced: () => makeNode('stream:error', {}, [makeNode('conflict', { type: 'replaced' })]),
  'device-removed': () => makeNode('stream:error', { code: '401' }, [makeNode('conflict', { type: 'device_removed' })]),
}
