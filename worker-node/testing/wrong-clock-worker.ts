// A worker of the local stack on a machine whose wall clock is wrong by `WRONG_BY_MS`, and steps by what it is told.
const RealDate = Date
let wrongByMs = Number(process.env['WRONG_BY_MS'])
process.on('message', (stepMs) => (wrongByMs += Number(stepMs)))

const wrongNow = () => RealDate.now() + wrongByMs

globalThis.Date = class extends RealDate {
  constructor(...args: [] | [string | number | Date]) {
    if (args.length === 0) super(wrongNow())
    else super(...args)
  }
  static override readonly now = wrongNow
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof RealDate
  }
} as DateConstructor

await import('#local/bin/local-worker.ts')

export {}
