import { listEventsContract } from '#contracts/http/events.ts'
import { followEvents } from '#core/verbs/events/follow-events.ts'
import { readEvents } from '#core/verbs/events/read-events.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { eventStream } from '#edge/streams/event-stream.ts'

const scope = 'events:read'

export const listEventsRoute = defineRoute({
  contract: listEventsContract,
  policy: { auth: 'api-key', scope, limit: 'read', keyCheck: 'first' },
  async handle({ services, actor, query: { instance_id: instanceId, wait, ...query }, headers }) {
    if (wantsStream(headers.accept)) {
      const lastEventId = headers['last-event-id']
      const followed = await followEvents(services, actor, { ...query, instanceId, lastEventId, scope })
      return {
        status: 200,
        written: eventStream(followed, services.background),
        headers: { 'Content-Type': 'text/event-stream' },
      }
    }
    const { events, cursor, more } = await readEvents(services, actor, { ...query, instanceId, waitSeconds: wait })
    return {
      status: 200,
      body: { success: true as const, data: events, meta: { next_cursor: cursor, has_more: more } },
    }
  },
})

/** JSON is the form of this list; only who names the stream's own media type gets one. */
function wantsStream(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => range.split(';')[0]?.trim().toLowerCase() === 'text/event-stream')
}
