import type { GlobalMetrics } from '#contracts/http/metrics.ts'
import { formatDuration, formatNumber, formatShare } from '#dashboard/lib/format.ts'
import { Tile, type TileTone } from './Tile.tsx'

/** From these on a share of failed messages is worth a look, and an alert. */
const warnErrorRate = 0.02
const badErrorRate = 0.1

/** How the service is, in eight figures. */
export function Tiles({ metrics: { customers, instances, servers, alerts, messages } }: { metrics: GlobalMetrics }) {
  const working = servers.healthy + servers.degraded + servers.down
  const { error_rate: errorRate, send_p95_ms: p95 } = messages
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
      <Tile
        label="Customers"
        value={formatNumber(customers.active)}
        hint={customers.suspended === 0 ? 'active' : `active, ${formatNumber(customers.suspended)} suspended`}
        to="/customers"
      />
      <Tile
        label="Instances connected"
        value={formatNumber(instances.by_state.connected)}
        hint={`of ${formatNumber(instances.total)}`}
        to="/instances"
      />
      <Tile
        label="Servers healthy"
        value={formatNumber(servers.healthy)}
        hint={`of ${formatNumber(working)} that should work`}
        tone={servers.down > 0 ? 'bad' : servers.degraded > 0 ? 'warn' : 'plain'}
        to="/servers"
      />
      <Tile
        label="Open alerts"
        value={formatNumber(alerts.open)}
        hint={`${formatNumber(alerts.acknowledged)} more acknowledged, ${formatNumber(alerts.critical)} critical`}
        tone={alerts.critical > 0 ? 'bad' : alerts.open > 0 ? 'warn' : 'plain'}
        to="/alerts"
      />
      <Tile label="Sent per minute" value={formatNumber(messages.sent_per_minute)} hint="messages, last 5 minutes" />
      <Tile
        label="Received per minute"
        value={formatNumber(messages.received_per_minute)}
        hint="messages, last 5 minutes"
      />
      <Tile
        label="Failed"
        value={errorRate === null ? 'None ended' : formatShare(errorRate)}
        hint="of those that ended, 5 minutes"
        tone={toneOf(errorRate ?? 0)}
      />
      <Tile
        label="Sent within"
        value={p95 === null ? 'None sent' : formatDuration(p95)}
        hint="95 of 100 messages, 5 minutes"
      />
    </div>
  )
}

function toneOf(errorRate: number): TileTone {
  return errorRate >= badErrorRate ? 'bad' : errorRate >= warnErrorRate ? 'warn' : 'plain'
}
