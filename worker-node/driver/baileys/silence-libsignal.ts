const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const
let silenced = false

/**
 * libsignal prints whole sessions with `console`, private keys included, whenever it closes one. Whatever it prints is
 * dropped, and only that: the caller is told by the stack, so that no list of its phrases has to be kept. Idempotent; to be
 * called before the first session is touched.
 */
export function silenceLibsignal(): void {
  if (silenced) return
  silenced = true
  for (const method of methods) {
    const original = console[method].bind(console)
    console[method] = (...values: unknown[]) => {
      if (!calledByLibsignal()) original(...values)
    }
  }
}

/** The frame that called the console method is the third: this function, the wrapper, the caller. */
function calledByLibsignal(): boolean {
  const caller = new Error().stack?.split('\n')[3]
  return caller !== undefined && /[\\/]libsignal[\\/]/.test(caller)
}
