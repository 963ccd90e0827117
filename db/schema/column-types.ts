import { customType, timestamp } from 'drizzle-orm/pg-core'

/** A moment, as a Date in code. */
export function moment(name: string) {
  return timestamp(name, { withTimezone: true, mode: 'date' })
}

/**
 * Bytes. Written as PostgreSQL's hex text, because neon-http sends every parameter as text; read from what either driver
 * gives (a Buffer, or the hex text).
 */
export const bytea = customType<{ data: Uint8Array; driverData: string | Uint8Array }>({
  dataType: () => 'bytea',
  toDriver: (value) => `\\x${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`,
  fromDriver: (value) => (typeof value === 'string' ? bytesOfHex(value.slice(2)) : Uint8Array.from(value)),
})

/** A 64-bit transaction id. It may exceed what a number holds, so it stays text; compare it in SQL only. */
export const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' })

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  )
}
