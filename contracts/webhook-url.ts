import { z } from 'zod'

/**
 * The part of the SSRF guard that needs no look-up: https, no user or password. Which hosts and addresses are refused is
 * decided by `core/webhooks/url-policy.ts`, because the local stack may call its own loopback sink.
 */
export const webhookUrlSchema = z
  .string()
  .max(2000, 'must have at most 2000 characters')
  .refine((value) => parse(value) !== undefined, 'must be a URL such as https://example.com/hooks')
  .refine((value) => {
    const url = parse(value)
    return url === undefined || (url.username === '' && url.password === '')
  }, 'must not hold a user name or password')

function parse(value: string): URL | undefined {
  try {
    const url = new URL(value)
    return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined
  } catch {
    return undefined
  }
}
