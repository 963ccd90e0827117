import { Link } from '@tanstack/react-router'
import { newChatsPerMinute } from '#contracts/sending-limits.ts'
import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import { Card } from '#dashboard/components/Card.tsx'
import { Facts } from '#dashboard/components/Facts.tsx'
import { Time } from '#dashboard/components/Time.tsx'

/** How it is and why, and where. */
export function InstanceCard({ instance }: { instance: FleetInstanceView }) {
  const { reason_text, server, held_by, new_chats_held_until: heldUntil, slowed_until: slowedUntil } = instance
  return (
    <Card title="How it is">
      {reason_text !== null && <p className="mb-4">{reason_text}</p>}
      <Facts
        facts={[
          ['In this state since', <Time key="since" value={instance.state_changed_at} />],
          ['Asked for', instance.desired === 'running' ? 'To run' : 'To stand still'],
          ['Number', instance.phone_number ?? 'Not paired'],
          [
            'Placed on',
            <Link
              key="server"
              to="/servers/$serverId"
              params={{ serverId: server.id }}
              className="text-accent-strong hover:underline"
            >
              <bdi>{server.name}</bdi>
            </Link>,
          ],
          ['Held by the worker of', held_by === null ? 'Nobody now' : <bdi key="held">{held_by.name}</bdi>],
          ['First messages to new chats', `${instance.new_chats_per_minute ?? newChatsPerMinute.default} a minute`],
          ['Made', <Time key="made" value={instance.created_at} />],
        ]}
      />
      {heldUntil !== null && (
        <p className="mt-4 rounded-md bg-warn-soft px-3 py-2 text-warn">
          WhatsApp restricted the number: first messages to new chats wait until <Time value={heldUntil} />.
        </p>
      )}
      {slowedUntil !== null && (
        <p className="mt-4 rounded-md bg-warn-soft px-3 py-2 text-warn">
          WhatsApp said that it sends too fast: all messages leave slower until <Time value={slowedUntil} />.
        </p>
      )}
    </Card>
  )
}
