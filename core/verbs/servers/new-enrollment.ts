import type { NewEnrollment } from '#core/ports/server-registry.ts'
import { enrollmentTtlMs, newEnrollmentToken } from '#core/rules/enrollment.ts'

/** A token that is shown once; `store` keeps its hash and tells when it expires, if it keeps it at all. */
export interface ShownEnrollment {
  token: string
  expiresAt: Date
}

export async function newEnrollment(
  store: (enrollment: NewEnrollment) => Promise<Date | undefined>,
): Promise<ShownEnrollment | undefined> {
  const { token, tokenHash } = await newEnrollmentToken()
  const expiresAt = await store({ tokenHash, ttlMs: enrollmentTtlMs })
  return expiresAt && { token, expiresAt }
}
