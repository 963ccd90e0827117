import type { Background } from '#core/ports/background.ts'
import type { Followed } from '#core/verbs/events/follow-events.ts'
import { ApiError } from '#contracts/errors.ts'

/** Looks without an event after which a comment keeps the connection alive, about as many seconds. */
const heartbeatAfterLooks = 15

/**
 * Server-Sent Events of a log that is followed. Each event carries its cursor as `id`; so do heartbeats, because a filter
 * may have passed over much since the last event. It looks on only while somebody reads, and stops following when the
 * reader is gone. When following fails the stream just ends: the reader comes again, and hears then what is wrong.
 */
export function eventStream(
  followed: AsyncGenerator<Followed, void>,
  background: Background,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let quietLooks = heartbeatAfterLooks

  /** What the next looks bring to send; undefined when the stream is over. */
  async function nextText(): Promise<string | undefined> {
    for (;;) {
      const { done, value } = await followed.next()
      if (done) return undefined
      quietLooks = value.events.length > 0 ? 0 : quietLooks + 1
      if (value.events.length > 0) return value.events.map(eventText).join('')
      if (quietLooks >= heartbeatAfterLooks) {
        quietLooks = 0
        return `: heartbeat\nid: ${value.cursor}\n\n`
      }
    }
  }

  let gone = false
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode('retry: 1000\n\n')),
      async pull(controller) {
        const text = await nextText().catch((error: unknown) => {
          if (!(error instanceof ApiError)) background.run(() => Promise.reject(error))
          return undefined
        })
        if (gone) return
        if (text === undefined) controller.close()
        else controller.enqueue(encoder.encode(text))
      },
      async cancel() {
        gone = true
        await followed.return()
      },
    },
    { highWaterMark: 0 },
  )
}

function eventText({ event, cursor }: Followed['events'][number]): string {
  return `id: ${cursor}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
