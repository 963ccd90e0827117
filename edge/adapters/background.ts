import type { Background } from '#core/ports/background.ts'
import { describeFailure, type Log } from '#edge/log.ts'

/** Work after the answer, by the means of a request or of a scheduled run; what fails is one line of the log. */
export function createBackground(requestId: string, waitUntil: (work: Promise<unknown>) => void, log: Log): Background {
  return {
    run(work) {
      const logged = work().catch((error: unknown) => {
        log({ event: 'background_failed', request_id: requestId, failure: describeFailure(error) })
      })
      waitUntil(logged)
    },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  }
}
