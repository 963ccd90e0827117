import { z } from 'zod'

/**
 * The syntax of a webhook address: a web URL without user, password, spaces or control characters. Which hosts and addresses are refused is
 * decided by `core/rules/webhook-url-policy.ts`, because the local stack may call its own loopback sink.
 */
export const webhookUrlSchema = z
  .string()
  .max(2000, 'must have at most 2000 characters')
  .refine((value) => !/[\s\p{Cc}\p{Cs}]/u.test(value), 'must not contain spaces or control characters')
  .refine((value) => parse(value) !== undefined, 'must be a URL such as https://example.com/hooks')
  .refine((value) => {
    const url = parse(value)
    return url === undefined || (url.username === '' && url.password === '')
  }, 'must not hold a user name or password')
  .meta({ format: 'uri', description: '`https`, on a public host.', examples: ['https://shop.example.com/hooks'] })

function parse(value: string): URL | undefined {
  try {
    const url = new URL(value)
    return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined
  } catch {
    return undefined
  }
}
