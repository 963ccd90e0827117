/** What makes spreadsheets take a cell for a formula, also in the full-width forms of East Asian keyboards. */
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/

/**
 * One line of a CSV file (RFC 4180), with its line end; null is an empty cell. What a spreadsheet would run as a formula gets
 * an apostrophe before it: customers choose names that admins open there.
 */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => quoted(harmless(cell ?? ''))).join(',')}\r\n`
}

function harmless(cell: string): string {
  return formulaStart.test(cell) ? `'${cell}` : cell
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
