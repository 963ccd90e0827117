import { exportAuditLogContract } from '#contracts/http/admins.ts'
import { exportAuditLog } from '#core/verbs/audit/export-audit-log.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { textStream } from '#edge/streams/text-stream.ts'
import { auditFilterOf } from './audit-filter.ts'

export const exportAuditLogRoute = defineRoute({
  contract: exportAuditLogContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, query }) {
    const pieces = exportAuditLog(services, actor, auditFilterOf(query))
    const moment = services.clock.now().toISOString().slice(0, 19).replaceAll(':', '-')
    return {
      status: 200,
      written: await textStream(pieces, services.background),
      headers: {
        'Content-Type': 'text/csv; charset=utf-8; header=present',
        'Content-Disposition': `attachment; filename="audit-log-${moment}Z.csv"`,
      },
    }
  },
})
