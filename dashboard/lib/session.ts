import { useSyncExternalStore } from 'react'
import { refreshSessionContract, type AccessView } from '#contracts/http/admin-auth.ts'
import { adminRoles, type AdminRole } from '#contracts/roles.ts'
import { CallFailed } from './api/call-failed.ts'
import { sendRequest } from './api/send-request.ts'

/** Who is logged in. The token lives in this module's memory alone: a reload asks for a new one by the cookie. */
let access: AccessView | undefined
let refreshing: Promise<string> | undefined
const listeners = new Set<() => void>()

/** Says that this browser may hold a cookie, so that a stranger's first page makes no request that must fail. */
const flag = 'wharf.session'
/** Tells the other tabs. */
const channel = new BroadcastChannel('wharf.session')
channel.addEventListener('message', ({ data }) => {
  if (data === 'ended' && access !== undefined) set(undefined)
})

function set(next: AccessView | undefined): void {
  access = next
  for (const listener of listeners) listener()
}

export function beginSession(next: AccessView): void {
  localStorage.setItem(flag, '1')
  set(next)
}

/** The session is over, in all tabs of this browser. */
export function endSession(): void {
  localStorage.removeItem(flag)
  channel.postMessage('ended')
  set(undefined)
}

export function accessToken(): string | undefined {
  return access?.access_token
}

/**
 * A new access token by the cookie, one request at a time; the present one when another call has replaced `used` meanwhile.
 * Throws CallFailed; when the session is over it is ended here too.
 */
export function refreshAccess(used?: string): Promise<string> {
  if (access !== undefined && access.access_token !== used) return Promise.resolve(access.access_token)
  refreshing ??= sendRequest(refreshSessionContract, {})
    .then(({ data }) => {
      beginSession(data)
      return data.access_token
    })
    .catch((error: unknown) => {
      if (error instanceof CallFailed && error.code === 'SESSION_ENDED') endSession()
      throw error
    })
    .finally(() => (refreshing = undefined))
  return refreshing
}

/** True when somebody is logged in, after asking by the cookie if need be. Throws CallFailed when nobody can tell. */
export async function restoreSession(): Promise<boolean> {
  if (access !== undefined) return true
  if (localStorage.getItem(flag) === null) return false
  try {
    await refreshAccess()
    return true
  } catch (error) {
    if (error instanceof CallFailed && error.code === 'SESSION_ENDED') return false
    throw error
  }
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function useSession(): AccessView | undefined {
  return useSyncExternalStore(onSessionChange, () => access)
}

/** Whether the admin's role may do what `role` may: a page offers only that. The API decides again. */
export function useMay(role: AdminRole): boolean {
  const session = useSession()
  return session !== undefined && adminRoles.indexOf(session.admin.role) >= adminRoles.indexOf(role)
}
