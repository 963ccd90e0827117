import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import { Card } from '#dashboard/components/Card.tsx'
import { ProgressBar } from '#dashboard/components/ProgressBar.tsx'
import { isMoving } from '#dashboard/features/instances/is-moving.ts'

/** A move while it goes on, and that it is over when the page has seen it; nothing else. */
export function MoveCard({ instance }: { instance: FleetInstanceView }) {
  const [seen, setSeen] = useState(false)
  const moving = isMoving(instance)
  if (moving && !seen) setSeen(true)
  const { server, held_by } = instance
  const arrived = held_by?.id === server.id
  if (!moving && !(seen && arrived)) return null
  if (arrived) {
    return (
      <Card title="Moved">
        <p role="status" className="flex items-center gap-2 text-good">
          <CircleCheck aria-hidden className="size-5 shrink-0" />
          <span>
            The worker of <bdi>{server.name}</bdi> holds it now.
          </span>
        </p>
      </Card>
    )
  }
  return (
    <Card title="Moving" hint="Messages wait in the queue meanwhile; none is lost.">
      <ProgressBar
        label="Progress of the move"
        done={1}
        total={2}
        text={`Ordered. The worker of ${held_by?.name} holds it until that of ${server.name} takes over …`}
      />
    </Card>
  )
}
