/**
 * Lets go of what has been kept long enough (core/rules/retention.ts), by the database's clock. Each method takes the
 * oldest, at most `limit` rows of its kind, in one transaction, and returns how many there were: fewer than `limit` means
 * that nothing more is due. Any number of processes may call them at once.
 */
export interface Retention {
  /** Journal: plaintext and stanza go, the hash stays. Rows that are not projected stay whole, however old. */
  emptyJournalAcrossCustomers(limit: number): Promise<number>
  /** Journal: hashes whose plaintext is gone already. */
  purgeJournalAcrossCustomers(limit: number): Promise<number>
  purgeUndecryptableAcrossCustomers(limit: number): Promise<number>
  /** Attempts of deliveries; the deliveries stay as long as their event. */
  purgeDeliveryAttemptsAcrossCustomers(limit: number): Promise<number>
  /** Events with their deliveries. One with a younger attempt, or that an enabled endpoint still has to get, stays. */
  purgeEventsAcrossCustomers(limit: number): Promise<number>
  /** Messages that have ended. */
  purgeMessagesAcrossCustomers(limit: number): Promise<number>
  /** Credentials and keys of instances that have been logged out for long; one that pairs anew keeps its new ones. */
  eraseLoggedOutSessionsAcrossCustomers(limit: number): Promise<number>
  /** Deleted endpoints to which no delivery belongs any more. */
  purgeDeletedEndpointsAcrossCustomers(limit: number): Promise<number>
  /** Deleted instances of which no message, event, journal row or endpoint is left, with everything that belonged to them. */
  purgeDeletedInstancesAcrossCustomers(limit: number): Promise<number>
  /** Counts per minute. */
  purgeMinuteStatsAcrossCustomers(limit: number): Promise<number>
  /** What servers did per minute; their hours stay. */
  purgeServerMinutes(limit: number): Promise<number>
  purgeServerHours(limit: number): Promise<number>
  /** Alerts that are resolved. */
  purgeAlertsAcrossCustomers(limit: number): Promise<number>
  /** Entries of the audit log; the only way in which any is ever deleted. */
  purgeAuditLogsAcrossCustomers(limit: number): Promise<number>
}
