import type { EnrollmentView } from '#contracts/http/enrollment.ts'

/** A token with the command that uses it; `start` is how a worker is started, `edge` where it enrolls. */
export function presentEnrollment(
  { token, expiresAt }: { token: string; expiresAt: Date },
  { start, edge }: { start: string; edge: string },
): EnrollmentView {
  return { token, expires_at: expiresAt.toISOString(), command: `${start} -- --enroll ${token} --edge ${edge}` }
}
