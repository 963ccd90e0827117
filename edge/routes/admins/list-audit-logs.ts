import { listAuditLogsContract } from '#contracts/http/admins.ts'
import { presentAudit } from '#core/rules/present-admin.ts'
import { answerTable } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listAuditLogsRoute = defineRoute({
  contract: listAuditLogsContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, query }) {
    const { page, limit: perPage, admin_id: adminId, from, to, ...rest } = query
    const filter = {
      ...rest,
      ...(adminId === undefined ? {} : { adminId }),
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(to === undefined ? {} : { to: new Date(to) }),
    }
    return answerTable(await services.auditLog.list(filter, { page, perPage }), { page, perPage }, presentAudit)
  },
})
