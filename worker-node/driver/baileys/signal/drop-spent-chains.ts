/** How many spent chains stay, as in Signal's own clients. */
const keptSpentChains = 5

/** `chainType` of what a contact sent. */
const receiving = 2

/** A session record as libsignal serializes it, as far as it matters here. */
interface SerializedRecord {
  _sessions?: Record<string, { _chains: Record<string, SerializedChain> }>
}

interface SerializedChain {
  chainType: number
  chainKey: { key?: unknown }
  messageKeys: Record<string, unknown>
}

/**
 * Drops receiving chains from which nothing can be decrypted any more: the contact has begun a new one, and no message of
 * the old is missing. libsignal keeps one for every answer there ever was, so that records grow for ever, and with them the
 * time of every message. Changes what it gets.
 */
export function dropSpentChains(serialized: object): void {
  for (const { _chains } of Object.values((serialized as SerializedRecord)._sessions ?? {})) {
    const spent = Object.keys(_chains).filter((key) => isSpent(_chains[key]))
    for (const key of spent.slice(0, -keptSpentChains)) delete _chains[key]
  }
}

function isSpent(chain: SerializedChain | undefined): boolean {
  if (chain?.chainType !== receiving) return false
  return !chain.chainKey.key && Object.keys(chain.messageKeys).length === 0
}
