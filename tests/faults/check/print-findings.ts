import { countNames, violationKinds, type Count, type Findings, type ViolationKind } from './findings.ts'

const examplesPerKind = 5

/** The table of a run: figures, then each kind of violation with its number and its first examples. */
export function printFindings({ counts, violations }: Findings): string[] {
  const figures = (Object.keys(countNames) as Count[]).map((name) => row(countNames[name], counts[name]))
  const kinds = (Object.keys(violationKinds) as ViolationKind[]).flatMap((kind) => {
    const own = violations.filter((violation) => violation.kind === kind)
    const rest = own.length - examplesPerKind
    return [
      row(`${kind}: ${violationKinds[kind]}`, own.length),
      ...own.slice(0, examplesPerKind).map(({ what }) => `      ${what}`),
      ...(rest > 0 ? [`      and ${rest} more`] : []),
    ]
  })
  return ['Seen', ...figures, 'Must be 0', ...kinds]
}

function row(name: string, value: number): string {
  return `  ${name.padEnd(70)} ${String(Math.round(value)).padStart(8)}`
}
