import type { SocketConfig } from '@whiskeysockets/baileys'
import type { Log } from '#worker-node/log.ts'

/**
 * The logger that Baileys gets. Baileys hands keys, whole stanzas and message texts to its logger, so nothing of the values
 * passes: only its fixed sentence, and of an error its name and status code. What Baileys calls info and less is not kept.
 */
export function createBaileysLog(log: Log, instance: string): SocketConfig['logger'] {
  // Warnings and errors of Baileys mostly accompany a close, which the driver tells by itself.
  const tell = (values: unknown, sentence?: string): void => {
    const said = sentence ?? (typeof values === 'string' ? values : '')
    log.debug('Baileys', { instance, detail: withoutValues(said), ...codeOf(values) })
  }
  const logger: SocketConfig['logger'] = {
    // Baileys spells out stanzas when this says `trace`.
    level: 'warn',
    child: () => logger,
    trace: () => {},
    debug: () => {},
    info: () => {},
    warn: tell,
    error: tell,
  }
  return logger
}

/** Some of its sentences hold addresses and ids: anything with a digit or an @ in it goes. */
function withoutValues(sentence: string): string {
  // Word by word: one expression for the whole takes time that grows with the square of the sentence.
  return sentence.replace(/\S+/g, (word) => (/[@\d]/.test(word) ? '*' : word)).slice(0, 120)
}

function codeOf(values: unknown): { code?: string } {
  if (typeof values !== 'object' || values === null) return {}
  const { err, error, e } = values as Record<string, unknown>
  const thrown = err ?? error ?? e
  if (!(thrown instanceof Error)) return {}
  const status = (thrown as { output?: { statusCode?: unknown } }).output?.statusCode
  return { code: typeof status === 'number' ? `${thrown.name} ${status}` : thrown.name }
}
