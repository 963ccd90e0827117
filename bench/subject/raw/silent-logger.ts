interface SilentLogger {
  level: string
  child(): SilentLogger
  trace(): void
  debug(): void
  info(): void
  warn(): void
  error(): void
}

const quiet = (): void => undefined

/** For Baileys: nothing is written, nothing is formatted. */
export const silentLogger: SilentLogger = {
  level: 'silent',
  child: () => silentLogger,
  trace: quiet,
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
}
