import type { SessionKeys } from '#core/ports/session-keys.ts'

/** Some turns of the event loop, never the same number twice in a row: a database over a network, without its time. */
export async function latency(): Promise<void> {
  for (let turns = Math.floor(Math.random() * 5); turns >= 0; turns--) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Keys that answer as slowly as a database, so that operations overlap. */
export function slowKeys(keys: SessionKeys): SessionKeys {
  const slow =
    <A extends unknown[], T>(operation: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      await latency()
      const result = await operation(...args)
      await latency()
      return result
    }
  return {
    loadCredentials: slow((...args: Parameters<SessionKeys['loadCredentials']>) => keys.loadCredentials(...args)),
    get: slow((...args: Parameters<SessionKeys['get']>) => keys.get(...args)),
    commit: slow((...args: Parameters<SessionKeys['commit']>) => keys.commit(...args)),
    findJournaled: slow((...args: Parameters<SessionKeys['findJournaled']>) => keys.findJournaled(...args)),
    erase: slow((...args: Parameters<SessionKeys['erase']>) => keys.erase(...args)),
  }
}
