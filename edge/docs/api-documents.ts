import type { ApiDocuments } from '#edge/edge-env.ts'
import { describeApi } from '#edge/openapi/describe-api.ts'
import type { OpenApi } from '#edge/openapi/open-api.ts'
import type { Route } from '#edge/routes/define-route.ts'
import { renderPage } from './render-page.ts'
import { style } from './style.ts'

/** Remembers plain values and no promises: on Workers one request must not wait for another's. */
export function createApiDocuments(routes: readonly Route[], version: string): ApiDocuments {
  let described: OpenApi | undefined
  let openApi: string | undefined
  let page: Awaited<ReturnType<ApiDocuments['page']>> | undefined
  const description = () => (described ??= describeApi(routes, version))
  return {
    openApi: () => (openApi ??= JSON.stringify(description())),
    async page() {
      page ??= {
        html: String(await renderPage(description())),
        contentSecurityPolicy: `default-src 'none'; style-src 'sha256-${await sha256Base64(style)}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      }
      return page
    },
  }
}

async function sha256Base64(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
}
