import type { Driver } from '#core/ports/driver.ts'
import { openConnection } from './connection.ts'
import { installNativeCurve } from './curve/install-native-curve.ts'
import { defaultTimings, type BaileysDriverOptions } from './driver-options.ts'
import { silenceLibsignal } from './silence-libsignal.ts'

/** WhatsApp by Baileys. docs/baileys.md says what is different from Baileys alone, and why. */
export function createBaileysDriver(options: BaileysDriverOptions): Driver {
  silenceLibsignal()
  installNativeCurve()
  const { clock = { now: () => new Date() }, timings, ...rest } = options
  const settings = { ...rest, clock, timings: { ...defaultTimings, ...timings } }
  return { open: (session, listener) => openConnection(settings, session, listener) }
}
