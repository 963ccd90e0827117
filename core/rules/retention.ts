const dayMs = 24 * 60 * 60 * 1_000

/**
 * How long what is kept, in milliseconds (docs/retention.md). Hashes outlive their plaintexts, so that what WhatsApp
 * delivers late is still known; attempts are no younger than the events that they belong to when those go.
 */
export const retentionMs = {
  journalPlaintext: 7 * dayMs,
  journalHash: 14 * dayMs,
  undecryptable: 30 * dayMs,
  deliveryAttempts: 30 * dayMs,
  events: 30 * dayMs,
  messages: 90 * dayMs,
  /** Credentials and keys of an instance that the phone logged out. */
  loggedOutSession: 7 * dayMs,
  deletedEndpoint: 30 * dayMs,
  /** What is left of a deleted instance: its row, which messages and events name. */
  deletedInstance: 90 * dayMs,
  minuteStats: 30 * dayMs,
  serverMinutes: 2 * dayMs,
  serverHours: 90 * dayMs,
  /** After they were resolved. */
  alerts: 90 * dayMs,
  /** Stands in the database too (`purge_audit_logs`), which lets nobody purge younger entries. */
  auditLogs: 90 * dayMs,
} as const
