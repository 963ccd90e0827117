import { parseArgs } from 'node:util'
import type { SimulatorOptions } from '#simulator/api.ts'

const DEFAULTS = { host: '127.0.0.1', port: '8765', 'control-port': '8766', data: '.wharf/simulator' } as const

const HELP = `A WhatsApp server for tests, with virtual phones.

  npm run simulator -- [options]

  --port <n>           port of the WebSocket (default ${DEFAULTS.port}; 0 takes a free one)
  --control-port <n>   port of the HTTP control API (default ${DEFAULTS['control-port']}; 0 takes a free one)
  --data <folder>      where accounts, keys and queues are kept (default ${DEFAULTS.data})
  --memory             keep nothing: everything ends with the process
  --host <address>     address to bind (default ${DEFAULTS.host}; the control API has no password, so leave it there)
  --help               this text`

export interface Arguments {
  options: SimulatorOptions
  /** The text to print instead of starting. */
  help: string | undefined
  /** What is wrong with the arguments, in a sentence. */
  problem: string | undefined
}

/** Reads the command line of `npm run simulator`. */
export function readArguments(args: string[]): Arguments {
  try {
    const { values } = parseArgs({
      args,
      options: {
        host: { type: 'string', default: DEFAULTS.host },
        port: { type: 'string', default: DEFAULTS.port },
        'control-port': { type: 'string', default: DEFAULTS['control-port'] },
        data: { type: 'string', default: DEFAULTS.data },
        memory: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const options = {
      host: values.host,
      port: portOf('--port', values.port),
      controlPort: portOf('--control-port', values['control-port']),
      dataDir: values.memory ? undefined : values.data,
    }
    return { options, help: values.help ? HELP : undefined, problem: undefined }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { options: {}, help: undefined, problem: `${message}\nSee --help.` }
  }
}

function portOf(name: string, text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`${name} takes a number from 0 to 65535, not "${text}".`)
  return port
}
