import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Messages } from '#core/ports/messages.ts'
import { pageOf, readCursor } from '#core/rules/cursor.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { instances } from '#db/schema/instances.ts'
import { messages } from '#db/schema/messages.ts'
import { cancelMessage } from './cancel-message.ts'
import { insertOnce } from './insert-once.ts'
import { messageColumns } from './message-columns.ts'

export function createMessages(db: EdgeDatabase): Messages {
  return guardStore<Messages>({
    insertOnce: (customerId, keyId, message) => insertOnce(db, customerId, { keyId }, message),

    insertForAdmin: (customerId, audit, message) => insertOnce(db, customerId, { audit }, message),

    async get(customerId, id) {
      const [message] = await db
        .select(messageColumns)
        .from(messages)
        .where(and(eq(messages.id, id), eq(messages.customerId, customerId)))
      return message
    },

    cancel: (customerId, id) => cancelMessage(db, customerId, id),

    async list(customerId, instanceId, { limit, cursor, direction, status, chat }) {
      const list = `messages/${instanceId}`
      const after = cursor === undefined ? undefined : readCursor(list, cursor)
      const [[instance], rows] = await db.batch([
        db
          .select({ id: instances.id })
          .from(instances)
          .where(and(eq(instances.id, instanceId), eq(instances.customerId, customerId), isNull(instances.deletedAt))),
        db
          .select(messageColumns)
          .from(messages)
          .where(
            and(
              eq(messages.instanceId, instanceId),
              eq(messages.customerId, customerId),
              direction === undefined ? undefined : eq(messages.direction, direction),
              status === undefined ? undefined : eq(messages.status, status),
              chat === undefined ? undefined : eq(messages.chat, chat),
              after === undefined
                ? undefined
                : sql`${messages.seq} < (
                    SELECT last.seq FROM ${messages} AS last
                    WHERE last.id = ${after} AND last.instance_id = ${instanceId})`,
            ),
          )
          .orderBy(desc(messages.seq))
          .limit(limit + 1),
      ])
      return instance === undefined ? undefined : pageOf(list, limit, rows)
    },
  })
}
