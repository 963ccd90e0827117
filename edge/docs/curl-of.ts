import { headerName } from '#edge/openapi/describe-headers.ts'
import type { Operation, Parameter } from '#edge/openapi/open-api.ts'

/** A call of an operation, to be pasted into a shell that knows BASE, KEY and the ids as variables. */
export function curlOf(method: string, path: string, operation: Operation, parameters: readonly Parameter[]): string {
  const address = `$BASE${path.replace(/\{(\w+)\}/g, (_match, name: string) => `$${name.toUpperCase()}`)}`
  const body = operation.requestBody?.content['application/json']?.example
  const [media] = Object.keys(operation.responses['200'] !== undefined ? contentOf(operation, '200') : {})
  const headers = parameters.flatMap(({ in: place, name, schema }) =>
    place === 'header' && schema.examples !== undefined
      ? [`-H '${headerName(name)}: ${String(schema.examples[0])}'`]
      : [],
  )
  const parts = [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "${address}"`,
    ...credentialsOf(operation),
    ...headers,
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d '${shellQuoted(JSON.stringify(body))}'`]),
    ...(media === undefined || media === 'application/json' || media === 'text/html' ? [] : [`-H 'Accept: ${media}'`]),
  ]
  return parts.join(parts.length < 3 ? ' ' : ' \\\n  ')
}

function credentialsOf({ security: [first = {}] }: Operation): string[] {
  if ('apiKey' in first) return ['-H "X-API-Key: $KEY"']
  if ('adminToken' in first) return ['-H "Authorization: Bearer $TOKEN"']
  if ('pairingLink' in first) return ['-H "Authorization: Bearer $LINK_TOKEN"']
  return 'refreshCookie' in first ? ['-b cookies.txt -c cookies.txt', '-H "Origin: $BASE"'] : []
}

function contentOf({ responses }: Operation, status: string): object {
  const answer = responses[status]
  return answer !== undefined && 'content' in answer ? (answer.content ?? {}) : {}
}

function shellQuoted(text: string): string {
  return text.replaceAll("'", String.raw`'\''`)
}
