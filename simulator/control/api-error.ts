/** A refusal of the control API: an HTTP status, a stable code, and a sentence. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: 400 | 404 | 409 | 415
  readonly code: string
  readonly issues: { path: string; message: string }[] | undefined

  constructor(status: ApiError['status'], code: string, message: string, issues?: { path: string; message: string }[]) {
    super(message)
    this.status = status
    this.code = code
    this.issues = issues
  }
}
