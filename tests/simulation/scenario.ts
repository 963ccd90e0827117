import type { InstanceId } from '#contracts/ids.ts'
import type { Actor } from '#core/verbs/app.ts'
import type { World } from './world.ts'
import { poisonBody } from './server-rack.ts'
import { beginning } from './virtual-time.ts'
import type { Weather } from './weather.ts'
import { refusedBody } from './whatsapp.ts'

/** What a contact wrote to an instance, in the order in which WhatsApp has it. */
export interface Written {
  instanceId: InstanceId
  from: string
  waMessageId: string
  body: string
}

export interface Scenario {
  /** Milliseconds after which nothing goes wrong any more. */
  healsAtMs: number
  written: readonly Written[]
}

/** Plans traffic and faults, all of which follow from the seed. */
export function planScenario(world: World): Scenario {
  const { time, whatsapp } = world
  const { random } = time
  const healsAtMs = random.between(4_000, 16_000)
  const during = () => random.between(300, healsAtMs)
  const written: Written[] = []

  for (const [index, { instanceId, actor }] of world.accounts.entries()) {
    planOutbound(world, index, instanceId, actor, during)
    // Some come one by one, some all at once, as after an outage.
    const burstAt = random.chance(0.4) ? during() : undefined
    for (let number = random.whole(0, 4); number > 0; number -= 1) {
      const from = `+55118888800${random.whole(1, 2)}`
      const body = `${random.chance(0.05) ? poisonBody : 'in'} ${index}.${number}`
      const message = { instanceId, from, waMessageId: `IN${index}.${number}`, body }
      const at = burstAt === undefined ? during() : burstAt + random.between(0, 40)
      time.after(at, undefined, () => {
        written.push(message)
        whatsapp.write(instanceId, from, message.waMessageId, body)
      })
      if (random.chance(0.15)) {
        const againAfterMs = random.between(1, 3_000)
        time.after(at + againAfterMs, undefined, () => whatsapp.write(instanceId, from, message.waMessageId, body))
      }
    }
  }

  planWeather(world)
  for (let number = random.whole(0, 5); number > 0; number -= 1) planFault(world, during(), healsAtMs)
  planDeparture(world, during)
  planEndOfHolds(world, healsAtMs)
  time.after(healsAtMs, undefined, () => {
    time.tell(() => 'Nothing goes wrong from here on.')
    world.weather.clear()
    planLongOutage(world)
    for (const slot of world.slots) slot.supervise()
  })
  return { healsAtMs, written }
}

function planOutbound(world: World, index: number, instanceId: InstanceId, actor: Actor, during: () => number): void {
  const { time, customers } = world
  const { random } = time
  const chats = random.whole(1, 2)
  const burstAt = random.chance(0.3) ? during() : undefined
  for (let number = random.whole(1, 5); number > 0; number -= 1) {
    const to = `+55117777700${random.whole(1, chats)}`
    const body = `${random.chance(0.04) ? refusedBody : 'out'} ${index}.${number}`
    // Longer than any outage, so that no repetition comes too late; shorter than some holds.
    const lastsMs = random.chance(0.1) ? random.between(45_000, 90_000) : undefined
    time.after(burstAt ?? during(), undefined, () => {
      const expiresAt = lastsMs === undefined ? undefined : new Date(beginning + time.now + lastsMs)
      customers.send(actor, { instanceId, to, body, expiresAt, accepted: undefined, over: false })
    })
  }
}

/** Small chances that hold all the time; each seed has its own climate. */
function planWeather({ time, weather, urls, accounts }: World): void {
  const { random } = time
  const upTo = (most: number) => (random.chance(0.5) ? random.between(0, most) : 0)
  const chances: Partial<Weather> = {
    lostReply: upTo(0.06),
    lingering: upTo(0.02),
    closeBefore: upTo(0.15),
    closeAfter: upTo(0.15),
    lostAck: upTo(0.1),
    tooFast: random.chance(0.1) ? 0.1 : 0,
    halfOpen: upTo(0.1),
    silent: random.chance(0.5),
  }
  Object.assign(weather, chances)
  for (const { instanceId } of accounts) if (random.chance(0.05)) weather.restricted.add(instanceId)
  for (const url of urls) {
    // Some are down for as long as things go wrong, which opens their breaker.
    const fails = random.chance(0.1) ? 1 : upTo(0.5)
    weather.receivers.set(url, { fails, losesAnswer: upTo(0.3), slow: upTo(0.3), hangs: upTo(0.1) })
  }
}

function planFault(world: World, atMs: number, healsAtMs: number): void {
  const { time, weather, whatsapp, slots } = world
  const { random } = time
  const slot = random.pick(slots)
  const { instanceId } = random.pick(world.accounts)
  const returnsAfterMs = random.chance(0.7) ? random.between(50, 5_000) : healsAtMs
  const lastsMs = random.chance(0.3) ? random.between(100, 3_000) : random.between(3_000, 20_000)
  const reboot = () =>
    time.after(returnsAfterMs, undefined, () => {
      if (time.now < healsAtMs) slot.boot(random.chance(0.2) ? 3_600_000 : 0)
    })
  const faults: (() => void)[] = [
    () => {
      slot.kill()
      reboot()
    },
    () => {
      slot.kill()
      reboot()
    },
    () => {
      slot.terminate()
      time.after(6_500, undefined, reboot)
    },
    () => slot.machine && time.stop(slot.machine, lastsMs),
    () => slot.machine && time.stop(slot.machine, lastsMs),
    () => slot.machine && time.suspend(slot.machine, lastsMs),
    () => {
      if (slot.machine !== undefined) slot.machine.wallOffsetMs += random.between(-3_600_000, 3_600_000)
    },
    () => (weather.databaseAwayUntil = Math.min(time.now + lastsMs, healsAtMs)),
    () => slot.machine && weather.awayFor.set(slot.machine, Math.min(time.now + lastsMs, healsAtMs)),
    () => whatsapp.drop(instanceId, random.pick(['connection-lost', 'unavailable', 'restart-required'])),
  ]
  const which = random.whole(0, faults.length - 1)
  time.after(atMs, undefined, () => {
    time.tell(() => `FAULT ${faultNames[which]} ${slot.name} for ${Math.round(lastsMs)} ms`)
    faults[which]?.()
  })
}

/** In some stories one server dies and stays dead, in some one is drained: what it had has to go on elsewhere. */
function planDeparture({ time, slots, database }: World, during: () => number): void {
  const { random } = time
  const slot = random.pick(slots)
  const atMs = during()
  if (random.chance(0.2)) {
    time.after(atMs, undefined, () => {
      time.tell(() => `FAULT ${slot.name} is lost for good`)
      slot.loseForGood()
    })
  } else if (random.chance(0.15)) {
    time.after(atMs, undefined, () => {
      time.tell(() => `${slot.name} is drained`)
      const server = database.tables.servers.find(({ id }) => id === slot.serverId)
      if (server !== undefined) server.status = 'draining'
    })
  }
}

/** Now and then an endpoint stays away after everything else is well: long enough for breakers to open and to probe. */
function planLongOutage({ time, weather, urls }: World): void {
  const { random } = time
  if (!random.chance(0.03)) return
  const url = random.pick(urls)
  weather.receivers.set(url, { fails: 1, losesAnswer: 0, slow: 0, hangs: 0 })
  time.after(random.between(45_000, 120_000), undefined, () => weather.receivers.delete(url))
}

/** A hold of new chats lasts a day. No story does: a while after everything is well again, the day has passed. */
function planEndOfHolds({ time, database }: World, healsAtMs: number): void {
  time.after(healsAtMs + time.random.between(30_000, 75_000), undefined, () => {
    for (const instance of database.tables.instances) {
      if (instance.newChatsHeldUntil !== null) instance.newChatsHeldUntil = database.now()
    }
  })
}

const faultNames = [
  'kill',
  'kill',
  'terminate',
  'stop',
  'stop',
  'suspend',
  'clock step',
  'database away',
  'database away for',
  'WhatsApp closes',
]
