/** One side of Node's channel between a process and its child: `process` in the child, the child's handle in the parent. */
export interface Channel {
  /** `told` hears why it could not be sent; without one Node emits that as an `error` of the handle. */
  send?: ((message: Frame, told: (error: Error | null) => void) => unknown) | undefined
  on(event: 'message', listener: (message: Frame) => void): unknown
}

type Frame =
  | { kind: 'call'; id: number; name: string; args: unknown[] }
  | { kind: 'result'; id: number; value: unknown }
  | { kind: 'failure'; id: number; stack: string }

interface Waiting {
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

/**
 * Lets two processes call each other's asynchronous functions: `ours` answers what comes in, the returned object's methods
 * go out. An error travels as its stack. `fail` rejects every open call, for when the other side is gone.
 */
export function connectCalls<Theirs extends object>(
  channel: Channel,
  ours: object,
): { theirs: Theirs; fail: (error: Error) => void } {
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let gone: Error | undefined

  async function answer(id: number, name: string, args: unknown[]): Promise<Frame> {
    try {
      const handler = (ours as Record<string, (...values: unknown[]) => unknown>)[name]
      if (handler === undefined) throw new Error(`There is no call "${name}".`)
      return { kind: 'result', id, value: await handler(...args) }
    } catch (error) {
      return { kind: 'failure', id, stack: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
  }

  channel.on('message', (frame) => {
    if (frame.kind === 'call') {
      // Who asked may be gone by now.
      void answer(frame.id, frame.name, frame.args).then((result) => channel.send?.(result, () => {}))
      return
    }
    const call = waiting.get(frame.id)
    waiting.delete(frame.id)
    if (frame.kind === 'result') call?.resolve(frame.value)
    else call?.reject(new Error(frame.stack))
  })

  const call = (name: string, args: unknown[]) =>
    new Promise((resolve, reject) => {
      if (gone !== undefined) return reject(gone)
      const id = ++lastId
      waiting.set(id, { resolve, reject })
      channel.send?.({ kind: 'call', id, name, args }, (error) => {
        if (error === null) return
        waiting.delete(id)
        reject(error)
      })
    })

  return {
    theirs: new Proxy({} as Theirs, {
      // Not a thenable: the object itself is handed through promises.
      get: (_target, name) =>
        typeof name === 'string' && name !== 'then' ? (...args: unknown[]) => call(name, args) : undefined,
    }),
    fail(error) {
      gone = error
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    },
  }
}
