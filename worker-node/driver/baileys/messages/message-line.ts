/** One message stanza on its way through the line. */
export interface Passage {
  /** The next stanza may be begun with: nothing that is still done for this one can change what the next one needs. */
  letNextBegin: () => void
  /** Resolves when every stanza before has been dealt with, however that ended. */
  turn: Promise<void>
}

/** Stanzas one behind the other, of which the next may begin before the one in front has been dealt with. */
export interface MessageLine {
  /** `overlaps` false: it begins when everything before has been dealt with, and nothing begins beside it. */
  enter<T>(overlaps: boolean, handle: (passage: Passage) => T): Promise<Awaited<T>>
}

/** Handlers are begun in order; each has to wait for its `turn` itself before it shows anything. */
export function createMessageLine(): MessageLine {
  let nextMayBegin = Promise.resolve()
  let dealtWith = Promise.resolve()
  return {
    enter(overlaps, handle) {
      const turn = dealtWith
      let letNextBegin: () => void = ignore
      const letBegin = new Promise<void>((resolve) => (letNextBegin = resolve))
      const handled = (overlaps ? nextMayBegin : turn).then(() =>
        handle({ letNextBegin: overlaps ? letNextBegin : ignore, turn }),
      )
      const after = Promise.allSettled([handled, turn]).then(ignore)
      dealtWith = after
      nextMayBegin = overlaps ? Promise.race([letBegin, after]) : after
      return handled as Promise<Awaited<ReturnType<typeof handle>>>
    },
  }
}

function ignore(): void {}
