import { failure } from '#contracts/envelope.ts'
import { ApiError } from '#contracts/errors.ts'
import type { Background } from '#core/ports/background.ts'
import type { PairingNews } from '#core/verbs/instances/watch-pairing.ts'

/**
 * Server-Sent Events of a pairing that is watched, one comment for each look without news: it keeps the connection alive,
 * and only by writing is it noticed that the reader is gone (measured in workerd). Then the watch ends. What a look throws is told as an `error` event with the envelope that any other request would get.
 */
export function pairingStream(
  looks: AsyncGenerator<PairingNews<unknown>[], void>,
  { background, requestId }: { background: Background; requestId: string },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const texts = eventTexts(looks, background, requestId)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await texts.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
      async cancel() {
        await looks.return()
      },
    },
    { highWaterMark: 0 },
  )
}

async function* eventTexts(
  looks: AsyncGenerator<PairingNews<unknown>[], void>,
  background: Background,
  requestId: string,
): AsyncGenerator<string, void> {
  yield 'retry: 3000\n\n'
  try {
    for await (const news of looks) {
      yield news.length === 0 ? ':\n\n' : news.map(eventText).join('')
    }
  } catch (error) {
    if (!(error instanceof ApiError)) background.run(() => Promise.reject(error))
    const told = error instanceof ApiError ? error : new ApiError('INTERNAL_ERROR', 'Something went wrong on our side.')
    yield `event: error\ndata: ${JSON.stringify(failure(told, requestId))}\n\n`
  }
}

function eventText({ id, event, data }: PairingNews<unknown>): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
