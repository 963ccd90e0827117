import { z } from 'zod'

/** `critical`: customers notice now. `warning`: they will, or one of them does. */
export const alertSeverities = ['warning', 'critical'] as const
export type AlertSeverity = (typeof alertSeverities)[number]

/** What operators are told of: each with one sentence for people. What to do is in docs/alerts.md. */
export const alertKinds = {
  'server-down': { severity: 'critical', meaning: 'No worker holds the lease of this server.' },
  'server-unreachable': {
    severity: 'critical',
    meaning: 'The edge does not reach the worker of this server, which lives: customers cannot pair and wait longer.',
  },
  'server-degraded': { severity: 'warning', meaning: 'The worker of this server is slow.' },
  'server-full': { severity: 'warning', meaning: 'More than 85 % of the capacity of this server is taken.' },
  'instance-logged-out': {
    severity: 'warning',
    meaning: 'WhatsApp logged this instance out; it has to be paired again.',
  },
  'instance-banned': { severity: 'warning', meaning: 'WhatsApp banned the number of this instance for a time.' },
  'webhook-disabled': {
    severity: 'warning',
    meaning: 'This webhook endpoint failed for so long that it was disabled.',
  },
  'quota-nearly-used': { severity: 'warning', meaning: 'This customer has used 90 % of the messages of today.' },
  'error-rate': { severity: 'critical', meaning: 'One of ten messages or more failed in the last minutes.' },
  'redis-away': { severity: 'warning', meaning: 'Redis does not answer; limits are counted per isolate meanwhile.' },
  'database-away': { severity: 'critical', meaning: 'The database does not answer; no request can be served.' },
} as const satisfies Record<string, { severity: AlertSeverity; meaning: string }>
export type AlertKind = keyof typeof alertKinds
export const alertKindSchema = z.enum(Object.keys(alertKinds) as [AlertKind, ...AlertKind[]]).meta({ id: 'AlertKind' })

/** `open` waits for somebody; `acknowledged`: somebody cares for it; `resolved`: its cause is gone, or somebody said so. */
export const alertStates = ['open', 'acknowledged', 'resolved'] as const
export type AlertState = (typeof alertStates)[number]
