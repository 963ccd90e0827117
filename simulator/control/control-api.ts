import { Hono } from 'hono'
import type { Context } from 'hono'
import type { z } from 'zod'
import type { FaultRule, Phone, SentStatus, ShownMessage, Simulator } from '#simulator/api.ts'
import { LinkError } from '#simulator/link-error.ts'
import { ApiError } from './api-error.ts'
import { toCamel, toSnake } from './case.ts'
import * as input from './input.ts'

/** What the control API needs of a simulator. */
export type ControlledSimulator = Omit<Simulator, 'stop' | 'controlUrl'>

/** The HTTP control API of a simulator: everything that a test or a person does with its phones. */
export function controlApi(simulator: ControlledSimulator): Hono {
  const app = new Hono()
  app.onError((error, context) => answerError(error, context))
  app.notFound((context) => answerError(new ApiError(404, 'NOT_FOUND', 'There is no such route.'), context))

  app.get('/health', (context) =>
    context.json({ status: 'ok', phones: simulator.phones().length, connections: simulator.connections().length }),
  )

  app.get('/phones', (context) => context.json({ data: simulator.phones().map(phoneView) }))
  app.post('/phones', async (context) => {
    const phone = await simulator.makePhone(toCamel(await body(context, input.makePhoneInput)))
    return context.json({ data: phoneView(phone) }, 201)
  })
  app.get('/phones/:number', (context) => context.json({ data: phoneView(phoneOf(simulator, context)) }))
  app.patch('/phones/:number/behaviour', async (context) => {
    const phone = phoneOf(simulator, context)
    const { autoReply, ...receipts } = toCamel(await body(context, input.behaviourInput))
    Object.assign(phone.behaviour, receipts)
    if (autoReply !== undefined) phone.behaviour.autoReply = autoReply ?? undefined
    return context.json({ data: phoneView(phone) })
  })

  app.post('/phones/:number/scan', async (context) => {
    const phone = phoneOf(simulator, context)
    const { qr, refreshFirst } = toCamel(await body(context, input.scanInput))
    return context.json({ data: toSnake(await phone.scan(qr, { refreshFirst })) }, 201)
  })
  app.post('/phones/:number/code', async (context) => {
    const phone = phoneOf(simulator, context)
    const { code } = await body(context, input.codeInput)
    return context.json({ data: toSnake(await phone.enterCode(code)) }, 201)
  })
  app.get('/phones/:number/devices', (context) =>
    context.json({ data: toSnake(phoneOf(simulator, context).devices()) }),
  )
  app.delete('/phones/:number/devices/:device', async (context) => {
    const phone = phoneOf(simulator, context)
    const deviceId = Number(context.req.param('device'))
    if (!phone.devices().some((device) => device.deviceId === deviceId)) {
      throw new ApiError(404, 'DEVICE_NOT_FOUND', `${phone.phoneNumber} has no linked device ${deviceId}.`)
    }
    await phone.removeDevice(deviceId)
    return context.body(null, 204)
  })

  app.post('/phones/:number/messages', async (context) => {
    const phone = phoneOf(simulator, context)
    const { to, text, id } = await body(context, input.sendInput)
    return context.json({ data: await orNotOnWhatsApp(phone.sendText(to, text, { id })) }, 201)
  })
  app.post('/phones/:number/group-messages', async (context) => {
    const phone = phoneOf(simulator, context)
    const { group, members, text, id } = await body(context, input.sendToGroupInput)
    const sent = phone.sendGroupText({ jid: group, members }, text, { id })
    return context.json({ data: await orNotOnWhatsApp(sent) }, 201)
  })
  app.get('/phones/:number/messages', async (context) => {
    const phone = phoneOf(simulator, context)
    const query = parse(input.shownQuery, context.req.query())
    const shown = await shownTo(phone, toCamel(query))
    return context.json({ data: toSnake(shown.map((message) => ({ ...message, sent: statusOf(phone, message) }))) })
  })
  app.get('/phones/:number/sent/:id', (context) => {
    const status = phoneOf(simulator, context).sentStatus(context.req.param('id'))
    if (!status) throw new ApiError(404, 'MESSAGE_NOT_FOUND', 'The phone sent no message with this id.')
    return context.json({ data: toSnake(status) })
  })
  app.post('/phones/:number/read', async (context) => {
    const phone = phoneOf(simulator, context)
    await orNotOnWhatsApp(phone.markRead((await body(context, input.readInput)).chat))
    return context.body(null, 204)
  })

  app.post('/refresh-registration', async (context) => {
    const { qr, shape } = await body(context, input.refreshInput)
    return context.json({ data: await simulator.refreshRegistration(qr, { shape }) })
  })
  app.get('/connections', (context) => context.json({ data: toSnake(simulator.connections()) }))
  app.post('/disconnect', async (context) => {
    const { how, ...target } = toCamel(await body(context, input.disconnectInput))
    return context.json({ data: { disconnected: simulator.disconnect(target, how) } })
  })

  app.get('/faults', (context) => context.json({ data: toSnake(simulator.faults.list()) }))
  app.post('/faults', async (context) => {
    const rule: FaultRule = toCamel(await body(context, input.faultInput))
    return context.json({ data: { id: addFault(simulator, rule) } }, 201)
  })
  app.delete('/faults', (context) => {
    simulator.faults.clear()
    return context.body(null, 204)
  })
  app.delete('/faults/:id', (context) => {
    if (!simulator.faults.remove(Number(context.req.param('id')))) {
      throw new ApiError(404, 'FAULT_NOT_FOUND', 'This fault is not switched on.')
    }
    return context.body(null, 204)
  })
  return app
}

function phoneView(phone: Phone): object {
  const { phoneNumber, jid, lid, name, behaviour } = phone
  const { deliveredReceipts, readReceipts, autoReply } = behaviour
  return {
    phone_number: phoneNumber,
    jid,
    lid,
    name,
    delivered_receipts: deliveredReceipts,
    read_receipts: readReceipts,
    auto_reply: typeof autoReply === 'function' ? '(a function)' : (autoReply ?? null),
    devices: toSnake(phone.devices()),
    counters: toSnake(phone.counters()),
  }
}

function phoneOf(simulator: ControlledSimulator, context: Context): Phone {
  const number = context.req.param('number') ?? ''
  const phone = simulator.phone(number)
  if (!phone) throw new ApiError(404, 'PHONE_NOT_FOUND', `There is no phone ${number}: make it with POST /phones.`)
  return phone
}

async function shownTo(
  phone: Phone,
  { chat, text, waitMs }: { chat?: string | undefined; text?: string | undefined; waitMs?: number | undefined },
): Promise<ShownMessage[]> {
  const find = (): ShownMessage[] => phone.shown(chat).filter(({ body }) => text === undefined || body === text)
  if (waitMs !== undefined && find().length === 0) {
    await phone
      .waitForMessage(({ body }) => (text === undefined || body === text) && find().length > 0, waitMs)
      .catch(() => undefined)
  }
  return find()
}

/** What became of what the phone itself sent. What its linked devices sent, they know. */
function statusOf(phone: Phone, { fromMe, id }: ShownMessage): SentStatus | undefined {
  return fromMe ? phone.sentStatus(id) : undefined
}

function addFault(simulator: ControlledSimulator, rule: FaultRule): number {
  try {
    return simulator.faults.add(rule)
  } catch (error) {
    throw new ApiError(400, 'INVALID_INPUT', error instanceof Error ? error.message : String(error))
  }
}

async function orNotOnWhatsApp<Value>(promise: Promise<Value>): Promise<Value> {
  try {
    return await promise
  } catch (error) {
    throw new ApiError(409, 'NOT_ON_WHATSAPP', error instanceof Error ? error.message : String(error))
  }
}

/** Only JSON: a page in a browser cannot send that to another origin without asking, so it cannot reach this API. */
async function body<Schema extends z.ZodType>(context: Context, schema: Schema): Promise<z.output<Schema>> {
  if (!context.req.header('content-type')?.startsWith('application/json')) {
    throw new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.')
  }
  const json: unknown = await context.req.json().catch(() => {
    throw new ApiError(400, 'INVALID_JSON', 'The body is not valid JSON.')
  })
  return parse(schema, json)
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  throw new ApiError(400, 'INVALID_INPUT', 'Some fields are not as they should be: see issues.', issues)
}

function answerError(error: Error, context: Context): Response {
  if (error instanceof ApiError) {
    const { status, code, message, issues } = error
    return context.json({ error: { code, message, ...(issues ? { issues } : {}) } }, status)
  }
  if (error instanceof LinkError) return context.json({ error: { code: error.code, message: error.message } }, 409)
  return context.json({ error: { code: 'INTERNAL', message: error.message } }, 500)
}
