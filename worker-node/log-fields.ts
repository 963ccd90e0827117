/** Everything that a log line may carry beside its sentence. A new field is added here, after asking whether it may be read. */
export interface LogFields {
  server?: string
  incarnation?: string
  instance?: string
  epoch?: number
  state?: string
  reason?: string | null
  cause?: string
  code?: number | string | null
  message_id?: string
  event?: string
  endpoint?: string
  outcome?: string
  command?: string
  method?: string
  path?: string
  status?: number
  request?: string
  attempt?: number
  count?: number
  seq?: number
  version?: string
  host?: string
  port?: number
  durationMs?: number
  delayMs?: number
  /** Shown by its last 4 digits. */
  phoneNumber?: string | null
  /** Free text of our own or of a library: numbers and anything like a key are taken out. */
  detail?: string
  /** Its name, code and message; the message like `detail`. */
  error?: unknown
}

const plain = new Set(
  (
    'server incarnation instance epoch state reason cause code message_id event endpoint ' +
    'outcome command method path status request attempt count seq version host port durationMs delayMs'
  ).split(' '),
)

/** What may be written of these fields. Fields that are not on the list are left out. */
export function logFields(fields: LogFields = {}): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    if (plain.has(name)) shown[name] = value
    else if (name === 'phoneNumber') shown[name] = value === null ? null : maskedNumber(String(value))
    else if (name === 'detail') shown[name] = withoutSecrets(String(value))
    else if (name === 'error') shown[name] = describeError(value)
  }
  return shown
}

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: withoutSecrets(String(error)) }
  const code = (error as { code?: unknown }).code
  return {
    name: error.name,
    message: withoutSecrets(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  }
}

function maskedNumber(digits: string): string {
  return `***${digits.slice(-4)}`
}

/** Long runs of digits keep their last four; user parts of addresses, and runs that look like a key, go. */
function withoutSecrets(text: string): string {
  return text
    .replace(/\/\/[^/\s@]*@/g, '//***@')
    .replace(/[A-Za-z0-9+/=_-]{32,}/g, '***')
    .replace(/\d{7,}/g, maskedNumber)
    .slice(0, 500)
}
