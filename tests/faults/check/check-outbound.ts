import type { DatabaseRecord, Histories } from '#tests/faults/history/histories.ts'
import { parseText } from '#tests/faults/history/histories.ts'
import type { Findings } from './findings.ts'
import { descents, groupBy } from './group-by.ts'

type MessageRow = Extract<DatabaseRecord, { kind: 'message' }>

const settled = new Set(['sent', 'delivered', 'read'])

/** Promises 1 and 4: what was accepted is shown once, in order per chat, and a key acts once. */
export function checkOutbound({ api, wire, database }: Histories, { counts, violations }: Findings): void {
  const shown = wire.flatMap((record) =>
    record.kind === 'shown' && parseText(record.body)?.way === 'out' ? [record] : [],
  )
  const shownByBody = groupBy(shown, ({ body }) => body)
  const rows = new Map(
    database.flatMap((record) =>
      record.kind === 'message' && record.direction === 'outbound' ? [[record.id, record] as [string, MessageRow]] : [],
    ),
  )

  const accepted = new Map<string, string>()
  for (const [key, attempts] of groupBy(api, (attempt) => attempt.key)) {
    const answers = attempts.filter(({ status }) => status !== null && status >= 200 && status < 300)
    const ids = new Set(answers.map(({ messageId }) => messageId))
    counts.repeatedRequests += attempts.length - 1
    if (ids.size > 1) violations.push({ kind: 'idempotency', what: `${key}: ${[...ids].join(' and ')}` })
    for (const { status, code } of attempts) {
      if (status !== null && status >= 400 && status < 500 && status !== 429)
        violations.push({ kind: 'refused', what: `${key}: ${status} ${code}` })
    }
    const [answer] = answers
    if (answer?.messageId === undefined) continue
    accepted.set(answer.body, answer.messageId)
    const stanzas = shownByBody.get(answer.body) ?? []
    if (stanzas.length === 0) violations.push({ kind: 'lost', what: `"${answer.body}" (${answer.messageId})` })
    const row = rows.get(answer.messageId)
    if (row === undefined) violations.push({ kind: 'lost', what: `the row of "${answer.body}" (${answer.messageId})` })
    else if (stanzas.length > 0 && !settled.has(row.status))
      violations.push({ kind: 'wrong-status', what: `"${row.body}" was shown and is ${row.status} (${row.id})` })
    else if (stanzas.some(({ waMessageId }) => waMessageId !== row.waMessageId))
      violations.push({ kind: 'wrong-status', what: `"${row.body}" was shown under another id (${row.id})` })
  }
  counts.accepted = accepted.size
  counts.shown = shown.length
  for (const [body, stanzas] of shownByBody) {
    if (stanzas.length > 1) violations.push({ kind: 'shown-twice', what: `"${body}", ${stanzas.length} times` })
    if (!accepted.has(body)) counts.unknown += 1
    for (const { rawStanzas } of stanzas) counts.rawResends += rawStanzas - 1
  }
  for (const [, chat] of groupBy(shown, ({ body }) => parseText(body)?.chat ?? '')) {
    for (const [before, after] of descents(chat, ({ body }) => parseText(body)?.number ?? 0))
      violations.push({ kind: 'order-break', what: `"${before.body}" was shown before "${after.body}"` })
  }
}
