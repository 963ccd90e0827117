import { failureSchema } from '#contracts/envelope.ts'
import { refreshCookie } from '#contracts/http/admin-auth.ts'
import { contractGroups } from '#contracts/http/contract.ts'
import type { Route } from '#edge/routes/define-route.ts'
import { describeEvents } from './describe-events.ts'
import { requestIdParameter, sharedHeaders } from './describe-headers.ts'
import { describeOperation } from './describe-operation.ts'
import type { OpenApi } from './open-api.ts'
import { createSchemaBook } from './schema-book.ts'

/** The OpenAPI description of these routes: all of it comes from the contracts that also validate. */
export function describeApi(routes: readonly Route[], version: string): OpenApi {
  const book = createSchemaBook()
  book.read(failureSchema)
  const components: OpenApi['components'] = {
    schemas: book.components,
    responses: {},
    examples: {},
    parameters: { RequestId: requestIdParameter },
    headers: { ...sharedHeaders },
    securitySchemes: {
      apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'Your key: `ak_live_...`' },
      bearer: { type: 'http', scheme: 'bearer', description: 'The same key as `Authorization: Bearer ak_live_...`' },
      adminToken: { type: 'http', scheme: 'bearer', description: "An admin's access token, from the log-in." },
      pairingLink: {
        type: 'http',
        scheme: 'bearer',
        description: 'What stands behind the `#` of a pairing link.',
      },
      refreshCookie: {
        type: 'apiKey',
        in: 'cookie',
        name: refreshCookie.name,
        description: 'Set by the log-in; the request has to come from a page of the dashboard.',
      },
    },
  }
  const paths: OpenApi['paths'] = {}
  for (const route of routes) {
    const { path, method } = route.contract
    const operations = (paths[path.replace(/:(\w+)/g, '{$1}')] ??= {})
    operations[method.toLowerCase()] = describeOperation(route, book, components)
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Wharf',
      version,
      summary: 'WhatsApp for your software.',
      description:
        'Link WhatsApp numbers, send messages that are not lost, and be told by signed webhooks. `/docs` shows this description as a page.',
      license: { name: 'GPL-3.0-or-later', identifier: 'GPL-3.0-or-later' },
    },
    servers: [{ url: '/', description: 'Where this description comes from.' }],
    tags: Object.entries(contractGroups).map(([name, description]) => ({ name, description })),
    security: [{ apiKey: [] }, { bearer: [] }],
    paths,
    webhooks: describeEvents(book),
    components,
  }
}
