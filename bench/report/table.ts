import type { Goal, Row } from '#bench/benchmark.ts'
import type { Report, ReportedRow } from './report.ts'
import type { Spread } from './spread.ts'

/** The report for people: a header, a table in Markdown per pair of columns, and what each benchmark measures. */
export function printReport(report: Report): string {
  const { startedAt, seconds, quick, endedEarly, machine, database, benchmarks } = report
  const { cpu, cores, memoryGb, os, loadBefore, node, baileys, libsignal } = machine
  const tables = new Map<string, string[][]>()
  for (const { name, columns, rows } of benchmarks) {
    const titles = ['benchmark', 'figure', columns.raw, columns.driver, `${columns.driver} / ${shortName(columns.raw)}`]
    const lines = tables.get(titles.join()) ?? [[...titles, 'goal', '']]
    lines.push(...rows.map((row, index) => [index === 0 ? name : '', ...cellsOf(row)]))
    tables.set(titles.join(), lines)
  }
  return [
    `${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${Math.round(seconds)} s${quick ? ', --quick: not for quoting' : ''}`,
    `${cpu}, ${cores} cores, ${memoryGb} GB, ${os}, load before ${loadBefore}`,
    `Node ${node}, Baileys ${baileys}, libsignal ${libsignal}, ${database}`,
    'Figures are the median of the rounds (lowest to highest). CPU is that of the measured processes alone.',
    ...(endedEarly === null ? [] : [`PARTIAL: ended during ${endedEarly.during}: ${endedEarly.why}`]),
    '',
    ...[...tables.values()].flatMap((lines) => [...tableOf(lines), '']),
    ...benchmarks.map(({ name, what, often }) => `${name}: ${what}. ${often}.`),
  ].join('\n')
}

function cellsOf({ metric, unit, spread, goal, goalMet }: ReportedRow): string[] {
  return [
    unit === '' ? metric : `${metric} (${unit === 'us' ? 'µs' : unit})`,
    withSpread(spread.raw),
    withSpread(spread.driver),
    // Of growth and shrinking there is no ratio.
    spread.ratio.min < 0 ? '' : withSpread(spread.ratio, 'x'),
    goal === undefined ? '' : goalText(goal, unit),
    goalMet === undefined ? '' : goalMet ? 'ok' : 'missed',
  ]
}

function goalText(goal: Goal, unit: Row['unit']): string {
  const limit = 'atMost' in goal ? `≤ ${short(goal.atMost)}` : `≥ ${short(goal.atLeast)}`
  return goal.of === 'ratio' ? `${limit}x` : `${limit} ${unit}`.trim()
}

/** Raw Baileys is `raw` where room is short. */
function shortName(title: string): string {
  return title.split(' ')[0] ?? title
}

function withSpread({ min, median, max }: Spread, unit = ''): string {
  if (Number.isNaN(median)) return ''
  return min === max ? `${short(median)}${unit}` : `${short(median)}${unit} (${short(min)} to ${short(max)})`
}

/** Three digits that count. */
function short(value: number): string {
  if (!Number.isFinite(value)) return '-'
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3
  return value.toFixed(digits)
}

/** Lines in Markdown, the first of them its head. */
export function tableOf(lines: readonly string[][]): string[] {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)))
  const print = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`
  const [head = [], ...rest] = lines
  return [print(head), print(widths.map((width) => '-'.repeat(width))), ...rest.map(print)]
}
