import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import path from 'node:path'

export interface LogFile {
  line: (text: string) => void
  stop(): Promise<void>
}

/** A file that lines are appended to; only the owner may read it. */
export function openLogFile(file: string): LogFile {
  mkdirSync(path.dirname(file), { recursive: true })
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
  return {
    line: (text) => {
      stream.write(`${text}\n`)
    },
    async stop() {
      stream.end()
      await once(stream, 'close')
    },
  }
}
