import { ApiError } from '#contracts/errors.ts'
import type { Page } from '#core/ports/instances.ts'

/**
 * An opaque cursor: which list it belongs to and the id of the last item shown. `list` names the list with the id of its
 * owner, such as `messages/ins_...`, so that a cursor of another list is refused.
 */
export function cursorAfter(list: string, lastId: string): string {
  return encodeCursor(`${list}:${lastId}`)
}

/** The id in a cursor of this list. Throws ApiError VALIDATION_ERROR for anything else. */
export function readCursor(list: string, cursor: string): string {
  const text = decodeCursor(cursor)
  const id = text?.startsWith(`${list}:`) ? text.slice(list.length + 1) : ''
  if (!/^[a-z]+_[0-9a-z]{26}$/.test(id)) {
    throw new ApiError('VALIDATION_ERROR', 'The cursor is not one that this list gave.', {
      details: { cursor: 'is not a cursor of this list' },
    })
  }
  return id
}

/** The first `limit` of up to `limit + 1` items; one item more means that another page follows. */
export function pageOf<T extends { id: string }>(list: string, limit: number, items: readonly T[]): Page<T> {
  const shown = items.slice(0, limit)
  const last = shown.at(-1)
  const more = items.length > limit && last !== undefined
  return { items: shown, nextCursor: more ? cursorAfter(list, last.id) : null }
}

/** Text of ASCII as base64url, so that it stands in a URL as it is. */
export function encodeCursor(text: string): string {
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Undefined for what `encodeCursor` cannot have made. */
export function decodeCursor(cursor: string): string | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined
  try {
    return atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return undefined
  }
}
