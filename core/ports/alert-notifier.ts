import type { NoticeType } from './alerts.ts'
import type { AlertView } from '#contracts/http/alerts.ts'

/** One notice: sent again under the same id until it was taken, so that a receiver knows it again. */
export interface Notice {
  id: string
  type: `alert.${NoticeType}`
  timestamp: string
  data: AlertView | Pick<AlertView, 'kind' | 'severity' | 'message' | 'subject'>
}

/** The operator's own webhook. */
export interface AlertNotifier {
  /** Resolves when it was taken; rejects when it may not have been. */
  send(notice: Notice): Promise<void>
}
