// `npm start`: the whole product on this machine, with demo data and one curl to try it.
import { parseArgs } from 'node:util'
import path from 'node:path'
import { prepareAdmin } from '#local/demo/demo-admin.ts'
import { prepareDemo, type Demo } from '#local/demo/demo-data.ts'
import { phonePath } from '#local/phone/phone-front.ts'
import { runMain, UserError } from '#local/user-error.ts'
import { printProgress } from '#local/stack/progress.ts'
import { startStack, type Stack } from '#local/stack/start-stack.ts'
import type { LocalAdmin } from '#local/stack/state.ts'
import { parsePort } from '#local/stack/parse-port.ts'

const help = `npm start [-- options]: the whole of Wharf on this machine

  --port N      port of the API (a free one)
  --data DIR    where database, simulator, secrets and logs are kept between starts (.wharf/local)
  --help

Environment, each optional:
  DATABASE_URL  a PostgreSQL instead of the embedded PGlite
  REDIS_URL     a Redis instead of the embedded engine
  WHATSAPP=live connect to WhatsApp itself instead of the simulator: pair with your own phone`

await runMain(async () => {
  const { values } = readArguments()
  if (values.help) return console.log(help)

  console.log('Starting Wharf')
  const progress = printProgress((line) => console.log(line))
  const whatsapp = readWhatsapp()
  const stack = await startStack(
    {
      dataDir: path.resolve(values.data),
      port: parsePort(values.port),
      databaseUrl: process.env['DATABASE_URL'] || undefined,
      redisUrl: process.env['REDIS_URL'] || undefined,
      whatsapp,
      dashboard: true,
      log: (line) => console.log(line),
    },
    progress,
  )
  stopOnSignals(stack)
  try {
    const { simulator } = stack
    if (simulator === undefined) return console.log(`\nThe API is at ${stack.url}; it is connected to WhatsApp itself.`)
    const demo = await progress.step(
      'demo data',
      () => prepareDemo(stack, simulator),
      ({ isNew }) => (isNew ? 'made, and paired with a virtual phone' : 'found; the instance reconnected by itself'),
    )
    const admin = await progress.step(
      'admin',
      () => prepareAdmin(stack),
      ({ email }) => email,
    )
    narrate(stack, demo)
    printInvitation(stack, demo, admin)
  } catch (error) {
    await stack.stop()
    throw error
  }
})

function readArguments() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string' },
        data: { type: 'string', default: path.join('.wharf', 'local') },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${help}`)
  }
}

function readWhatsapp(): 'simulator' | 'live' {
  const value = process.env['WHATSAPP'] ?? 'simulator'
  if (value !== 'simulator' && value !== 'live') throw new UserError('WHATSAPP must be simulator or live.')
  return value
}

/** The first Ctrl-C stops every part; a second one does not wait. */
function stopOnSignals(stack: Stack): void {
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(1)
    stopping = true
    console.log('\nStopping ...')
    stack.stop().then(
      () => {
        console.log('Stopped. `npm start` goes on where it was.')
        process.exit(0)
      },
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', stop)
}

/** Says what the virtual phone shows and what the sink receives, as it happens. */
function narrate(stack: Stack, { contactPhone }: Demo): void {
  contactPhone.behaviour.readReceipts = true
  contactPhone.behaviour.autoReply = (message) => {
    console.log(`\nThe phone ${contactPhone.phoneNumber} shows: ${message.body}`)
    return `You wrote: ${message.body}`
  }
  stack.sink.onReceived(({ verified, problem, event, id }) => {
    if (!verified || event === undefined) return console.log(`The sink refused webhook ${id}: ${problem}`)
    const text = (event.data['text'] as { body?: string } | undefined)?.body
    console.log(`The sink verified webhook ${event.type} ${event.id}${text === undefined ? '' : `: ${text}`}`)
  })
}

function printInvitation(stack: Stack, { data }: Demo, admin: LocalAdmin): void {
  console.log(`
The dashboard     ${stack.url}
  log in with     ${admin.email} and password ${admin.password}
The API           ${stack.url}/api/v1
Its description   ${stack.url}/docs
Customer's key    ${data.apiKey}
Instance          ${data.instanceId} (number ${data.ownNumber})
Virtual phones    ${stack.url}${phonePath}?number=${encodeURIComponent(data.contactNumber)}
  as an API       ${stack.simulator?.controlUrl}/phones
Kept in           ${stack.dataDir}

Send a message to the virtual phone; it shows it, answers, and the answer arrives below as a signed webhook:

curl -sS '${stack.url}/api/v1/instances/${data.instanceId}/messages' -H 'X-API-Key: ${data.apiKey}' -H 'Content-Type: application/json' -d '{"to":"${data.contactNumber}","type":"text","text":{"body":"Hello from Wharf"}}'

Ctrl-C stops everything.`)
}
