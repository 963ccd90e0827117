import type { InstanceState as State } from '#contracts/instance-states.ts'
import { formatWord } from '#dashboard/lib/format.ts'
import { Badge, type Tone } from './Badge.tsx'

const tones: Record<State, Tone> = {
  created: 'neutral',
  starting: 'accent',
  pairing: 'accent',
  connecting: 'accent',
  connected: 'good',
  disconnected: 'warn',
  stopped: 'neutral',
  logged_out: 'warn',
  banned: 'bad',
  failed: 'bad',
}

export function InstanceState({ state }: { state: State }) {
  return <Badge tone={tones[state]}>{formatWord(state)}</Badge>
}
