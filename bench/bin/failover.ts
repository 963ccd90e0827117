// What happens to sessions when servers die, restart, are drained, or lose the database: real worker processes, a real
// PostgreSQL, the simulator. `node --import tsx bench/bin/failover.ts [--kills 30] [--restarts 10] [--drained 50]`
import { parseArgs } from 'node:util'
import {
  measureDrain,
  measureFailover,
  measureGracefulStop,
  measureOutage,
  measureRestart,
  percentile,
  seconds,
} from '#bench/failover/scenarios.ts'
import { administer, databaseUrl, startTestPostgres } from '#local/testing/start-test-postgres.ts'
import { startProcessFleet } from '#worker-node/testing/process-fleet.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    restarts: { type: 'string', default: '10' },
    drained: { type: 'string', default: '50' },
    outage: { type: 'string', default: '30' },
  },
})
const instances = 20
const tell = (line: string) => console.log(line)

function summary(name: string, times: readonly number[], goal: string): void {
  if (times.length === 0) return
  const [p50, p99, max] = [percentile(times, 0.5), percentile(times, 0.99), Math.max(...times)]
  tell(`${name}: n=${times.length} p50 ${seconds(p50)} p99 ${seconds(p99)} max ${seconds(max)} (goal: ${goal})`)
}

const postgres = await startTestPostgres()
const name = `${postgres.prefix}failover`
await administer(postgres.adminUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${postgres.template}`))
const fleet = await startProcessFleet(databaseUrl(postgres.adminUrl, name), 3)
try {
  for (const server of fleet.servers) await server.start()
  const [first] = fleet.servers
  if (first === undefined) throw new Error('There is no server.')
  tell(`3 servers; pairing ${instances} instances`)
  const ids = (await fleet.addInstances(first, instances)).map(({ instanceId }) => instanceId)

  summary('restart on the same host', await measureRestart(fleet, ids, Number(values.restarts), tell), '<= 5 s')
  if (Number(values.outage) > 0) {
    const { moved, backAfterMs } = await measureOutage(fleet, ids, Number(values.outage) * 1_000)
    tell(
      `database away for ${values.outage} s: ${moved} instances moved (goal: 0), all back after ${seconds(backAfterMs)}`,
    )
  }
  summary(
    'failover after kill -9',
    await measureFailover(fleet, ids, Number(values.kills), tell),
    'p50 <= 14 s, p99 <= 18 s',
  )
  const more = Number(values.drained) - instances
  if (more > 0) {
    tell(`pairing ${more} more instances`)
    const all = [...ids, ...(await fleet.addInstances(first, more)).map(({ instanceId }) => instanceId)]
    summary(`gap of each of ${all.length} drained instances`, await measureDrain(fleet, all), '<= 3 s')
    const { endedMs, gaps } = await measureGracefulStop(fleet, all)
    summary(`gap of each of ${all.length} instances at SIGTERM`, gaps, '<= 3 s')
    tell(`the process ended ${seconds(endedMs)} after SIGTERM (goal: <= 30 s)`)
  }
} finally {
  await fleet.stop()
  await postgres.stop()
}
