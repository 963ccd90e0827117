import type { Background } from '#core/ports/background.ts'

/**
 * Text that is made while it is read, with its first piece made already: what fails before is still an answer of its own.
 * What fails later breaks the transfer off, so that nobody takes a part for the whole, and is logged.
 */
export async function textStream(
  pieces: AsyncGenerator<string, void>,
  background: Background,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder()
  let next = await pieces.next()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (next.done === true) return controller.close()
        controller.enqueue(encoder.encode(next.value))
        try {
          next = await pieces.next()
        } catch (error) {
          background.run(() => Promise.reject(error))
          controller.error(error)
        }
      },
      async cancel() {
        await pieces.return()
      },
    },
    { highWaterMark: 0 },
  )
}
