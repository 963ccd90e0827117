import { qrMatrix } from './qr-matrix.ts'

/** A QR code as SVG: one unit per module, one path of the dark runs of all rows. */
export function qrSvg(text: string): string {
  const rows = qrMatrix(text)
  const runs = rows.flatMap((row, y) => darkRuns(row).map(({ x, length }) => `M${x} ${y}h${length}v1h-${length}z`))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${rows.length} ${rows.length}" width="512" height="512" shape-rendering="crispEdges">`,
    `<path fill="#fff" d="M0 0h${rows.length}v${rows.length}H0z"/>`,
    `<path fill="#000" d="${runs.join('')}"/>`,
    '</svg>',
  ].join('')
}

function darkRuns(row: readonly boolean[]): { x: number; length: number }[] {
  const runs: { x: number; length: number }[] = []
  for (const [x, dark] of row.entries()) {
    const last = runs.at(-1)
    if (dark && last !== undefined && last.x + last.length === x) last.length++
    else if (dark) runs.push({ x, length: 1 })
  }
  return runs
}
