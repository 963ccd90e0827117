import { CallFailed } from './call-failed.ts'
import { failureOf, parseJson, readFailure } from './send-request.ts'

export interface StreamEvent {
  event: string
  data: unknown
}

/** The service writes at least once a second: who is silent for so long is gone, whatever the network believes. */
const longestSilenceMs = 20_000

/**
 * Server-Sent Events of a GET that needs a bearer, which `EventSource` cannot send. Ends when the service ends it; an event
 * `error` is thrown as the refusal that it holds. Throws CallFailed; what `signal` aborts, ends in silence.
 */
export async function* readEvents(
  path: string,
  { token, signal }: { token: string; signal: AbortSignal },
): AsyncGenerator<StreamEvent, void> {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), longestSilenceMs)
  try {
    const response = await fetch(`${import.meta.env.API_ORIGIN}${path}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, silence.signal]),
    })
    if (!response.ok) throw await readFailure(response)
    const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()
    let rest = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), longestSilenceMs)
      const blocks = (rest + value).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const event of blocks.map(parseEvent).filter((parsed) => parsed !== undefined)) {
        if (event.event === 'error') throw failureOf(event.data)
        yield event
      }
    }
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof CallFailed) throw error
    throw new CallFailed('NO_CONNECTION', 'The service cannot be reached.', { cause: error })
  } finally {
    clearTimeout(timer)
    silence.abort()
  }
}

/** Undefined for comments. The service writes each event's data in one line. */
function parseEvent(block: string): StreamEvent | undefined {
  const event = /^event: (.*)$/m.exec(block)?.[1]
  const data = /^data: (.*)$/m.exec(block)?.[1]
  return event === undefined || data === undefined ? undefined : { event, data: parseJson(data) }
}
