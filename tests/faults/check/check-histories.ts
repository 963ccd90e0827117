import type { Histories } from '#tests/faults/history/histories.ts'
import { checkEpochs } from './check-epochs.ts'
import { checkInbound } from './check-inbound.ts'
import { checkOutbound } from './check-outbound.ts'
import { checkWebhooks } from './check-webhooks.ts'
import { newFindings, type Findings } from './findings.ts'

/** Holds the four histories against each other. Pure: the same histories give the same findings. */
export function checkHistories(histories: Histories): Findings {
  const findings = newFindings()
  checkOutbound(histories, findings)
  checkInbound(histories, findings)
  checkWebhooks(histories, findings)
  checkEpochs(histories, findings)
  return findings
}
