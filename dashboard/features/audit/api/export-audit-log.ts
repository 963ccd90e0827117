import { exportAuditLogContract } from '#contracts/http/admins.ts'
import { auditFilterOf } from '#dashboard/features/audit/audit-filter.ts'
import type { AuditSearch } from '#dashboard/features/audit/audit-search.ts'
import { download, saveFile } from '#dashboard/lib/api/download.ts'

/** No cell holds one: each line of the file ends with it. */
const lineFeed = 10

/** Saves what the filters let through as a file; tells how many entries have come in. Throws CallFailed and AbortError. */
export async function exportAuditLog(
  search: AuditSearch,
  signal: AbortSignal,
  onEntries: (entries: number) => void,
): Promise<number> {
  // The first line names the columns.
  let entries = -1
  const { name, file } = await download(exportAuditLogContract, { query: auditFilterOf(search), signal }, (piece) => {
    entries += piece.reduce((sum, byte) => (byte === lineFeed ? sum + 1 : sum), 0)
    onEntries(Math.max(entries, 0))
  })
  saveFile(name, file)
  return Math.max(entries, 0)
}
