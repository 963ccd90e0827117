import { html, raw } from 'hono/html'
import { errorMeanings, errorStatus } from '#contracts/errors.ts'
import type { OpenApi, Operation } from '#edge/openapi/open-api.ts'
import { anchorOf, prose, type Piece } from './markup.ts'
import { renderBasics, renderVerification } from './render-guide.ts'
import { renderEvent, renderOperation, renderParameters } from './render-operation.ts'
import { renderSchema } from './render-schema.ts'
import { style } from './style.ts'

interface Endpoint {
  method: string
  path: string
  operation: Operation
}

/** The description of the API as one page, without scripts and without anything from elsewhere. */
export function renderPage(api: OpenApi): Piece {
  const endpoints = Object.entries(api.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  )
  const groups = api.tags
    .map((tag) => ({ ...tag, endpoints: endpoints.filter(({ operation }) => operation.tags.includes(tag.name)) }))
    .filter((group) => group.endpoints.length > 0)
  const navigation = renderNavigation(groups)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${api.info.title} API ${api.info.version}</title>
        <link rel="icon" href="data:," />
        <link rel="service-desc" type="application/vnd.oai.openapi+json" href="/openapi.json" />
        ${raw(`<style>${style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <nav class="side" aria-label="Contents">${navigation}</nav>
        <details class="top">
          <summary>Contents</summary>
          <nav aria-label="Contents, folded">${navigation}</nav>
        </details>
        <main id="content">
          <header>
            <h1>${api.info.title} API <small>${api.info.version}</small></h1>
            <p>${prose(`${api.info.summary} ${api.info.description}`)}</p>
          </header>
          ${renderBasics()} ${groups.map((group) => renderGroup(api, group))} ${renderCalls(api)} ${renderErrors()}
          <section id="schemas">
            <h2>Schemas</h2>
            ${Object.entries(api.components.schemas)
              .toSorted(([a], [b]) => (a < b ? -1 : 1))
              .map(([name, schema]) => renderSchema(name, schema))}
          </section>
        </main>
      </body>
    </html>`
}

function renderNavigation(groups: readonly { name: string; endpoints: readonly Endpoint[] }[]): Piece {
  return html`<ul>
    <li><a href="#basics">Basics</a></li>
    ${groups.map(
      ({ name, endpoints }) =>
        html`<li>
          <a href="#${anchorOf('tag', name)}">${name}</a>
          <ul>
            ${endpoints.map(
              ({ operation }) =>
                html`<li>
                  <a href="#${anchorOf('operation', operation.operationId)}">${words(operation.operationId)}</a>
                </li>`,
            )}
          </ul>
        </li>`,
    )}
    <li>
      <a href="#calls">Webhook calls</a>
      <ul>
        <li><a href="#verification">Verify each call</a></li>
      </ul>
    </li>
    <li><a href="#errors">Error codes</a></li>
    <li><a href="#schemas">Schemas</a></li>
  </ul>`
}

function renderGroup(
  api: OpenApi,
  { name, description, endpoints }: { name: string; description: string; endpoints: readonly Endpoint[] },
): Piece {
  return html`<section id="${anchorOf('tag', name)}">
    <h2>${name}</h2>
    <p>${prose(description)}</p>
    ${endpoints.map(({ method, path, operation }) => renderOperation(api, method, path, operation))}
  </section>`
}

function renderCalls({ webhooks }: OpenApi): Piece {
  const events = Object.entries(webhooks)
  const [first] = events
  const headers = first?.[1].post.parameters.flatMap((parameter) => ('$ref' in parameter ? [] : [parameter])) ?? []
  return html`<section id="calls">
    <h2>Webhook calls</h2>
    <p>What the service sends to your webhook endpoints.</p>
    ${renderVerification()} ${renderParameters(headers)} ${events.map(([type, { post }]) => renderEvent(type, post))}
  </section>`
}

function renderErrors(): Piece {
  return html`<section id="errors">
    <h2>Error codes</h2>
    <p>${prose('Programs decide by `code`; `message` is for people and may be reworded.')}</p>
    <div class="scroll" tabindex="0" role="group" aria-label="Error codes">
      <table>
        <thead>
          <tr>
            <th scope="col">status</th>
            <th scope="col">code</th>
            <th scope="col">meaning</th>
          </tr>
        </thead>
        <tbody>
          ${Object.entries(errorMeanings).map(
            ([code, meaning]) =>
              html`<tr id="${anchorOf('error', code)}">
                <td>${String(errorStatus[code as keyof typeof errorStatus])}</td>
                <td><code>${code}</code></td>
                <td>${prose(meaning)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

/** `createInstance` as people read it: `Create instance`. */
function words(operationId: string): string {
  const text = operationId.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return (text.charAt(0).toUpperCase() + text.slice(1)).replace(/ qr$/, ' QR code').replace(/ open api$/, ' OpenAPI')
}
