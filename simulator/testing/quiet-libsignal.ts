/**
 * Baileys' libsignal prints whole sessions, private keys included, to the console. Imported by the tests' Baileys client
 * before Baileys itself; the simulator does not use libsignal.
 */
const quiet = (): void => undefined
Object.assign(console, { info: quiet, warn: quiet, error: quiet, log: quiet })
