import { listAuditLogsContract } from '#contracts/http/admins.ts'
import { presentAudit } from '#core/rules/present-admin.ts'
import { answerTable } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { auditFilterOf } from './audit-filter.ts'

export const listAuditLogsRoute = defineRoute({
  contract: listAuditLogsContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, query: { page, limit: perPage, ...filter } }) {
    const found = await services.auditLog.list(auditFilterOf(filter), { page, perPage })
    return answerTable(found, { page, perPage }, presentAudit)
  },
})
