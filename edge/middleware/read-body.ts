import type { MiddlewareHandler } from 'hono'
import { ApiError } from '#contracts/errors.ts'
import type { EdgeEnv } from '#edge/edge-env.ts'
import { jsonDepth } from './json-depth.ts'
import { readLimited } from './read-limited.ts'

export const maxBodyBytes = 256 * 1024
export const maxJsonDepth = 32

/** Reads the JSON body into `body`. An empty body is undefined, whatever its content type. */
export const readBody: MiddlewareHandler<EdgeEnv> = async (c, next) => {
  const bytes = await readLimited(c.req.raw, maxBodyBytes)
  c.var.traffic.bytesIn = bytes.length
  if (bytes.length > 0) {
    requireJson(c.req.header('content-type'), c.req.header('content-encoding'))
    c.set('body', parseJson(bytes))
  }
  await next()
}

function requireJson(contentType: string | undefined, contentEncoding: string | undefined): void {
  const isJson = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(contentType?.trim() ?? '')
  if (!isJson) {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON: send Content-Type: application/json.')
  }
  if (contentEncoding !== undefined && contentEncoding.toLowerCase() !== 'identity') {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'The body must not be compressed.')
  }
}

function parseJson(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    throw malformed('is not UTF-8')
  }
  // Before parsing, so that no depth that was asked for is ever built.
  if (jsonDepth(text) > maxJsonDepth) throw malformed(`is nested deeper than ${maxJsonDepth} levels`)
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('is not JSON')
  }
}

function malformed(problem: string): ApiError {
  return new ApiError('VALIDATION_ERROR', 'The request is not valid.', { details: { body: problem } })
}
