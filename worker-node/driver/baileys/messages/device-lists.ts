import type { UserFacingSocketConfig } from '@whiskeysockets/baileys'
import { createGrowingCache } from '#worker-node/growing-cache.ts'

type DeviceListCache = NonNullable<UserFacingSocketConfig['userDevicesCache']>

const rememberedUsers = 5_000

/** WhatsApp tells of every change by a notification; this is for those that got lost. Baileys' own is 5 minutes. */
const deviceListLifetimeMs = 6 * 60 * 60_000

/**
 * The devices of the accounts that a connection writes to. Baileys fills it, and changes it by the `devices` notifications;
 * it is gone with the connection, because what happened in between is not known.
 */
export function createDeviceLists(): DeviceListCache {
  const lists = createGrowingCache<object>(rememberedUsers, { ttlMs: deviceListLifetimeMs })
  return {
    get: <T>(user: string) => lists.get(user) as T | undefined,
    set: (user, devices) => void lists.set(user, devices as object),
    del: (user) => void lists.delete(user),
    flushAll: () => lists.clear(),
  }
}
