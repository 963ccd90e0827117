import type { ServerView } from '#contracts/http/servers.ts'

/** True while something goes on there that ends by itself: its worker is awaited, or instances are handed over. */
export function isMoving({ status, drain, instances, lease, enrolled_at }: ServerView): boolean {
  if (status === 'provisioning') return true
  if (drain !== null) return !drain.done
  // A worker that has just enrolled takes its lease a moment later.
  if (status === 'active' && enrolled_at !== null && !lease.live) return true
  return instances.leaving + instances.arriving > 0
}
