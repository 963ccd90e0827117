import { html } from 'hono/html'
import type { Answer, OpenApi, Operation, Parameter, Reference } from '#edge/openapi/open-api.ts'
import { curlOf } from './curl-of.ts'
import { anchorOf, codeBlock, jsonBlock, prose, type Piece } from './markup.ts'
import { renderFields, renderRow } from './render-schema.ts'

/** One endpoint: what it takes, a call to paste, what it answers and what it refuses. */
export function renderOperation(api: OpenApi, method: string, path: string, operation: Operation): Piece {
  const parameters = operation.parameters.flatMap((parameter) => ('$ref' in parameter ? [] : [parameter]))
  const [scope] = operation.security.flatMap((scheme) => Object.values(scheme).flat())
  return html`<article id="${anchorOf('operation', operation.operationId)}">
    <h3><span class="method ${method}">${method.toUpperCase()}</span> <code class="path">${path}</code></h3>
    <p>${prose(operation.summary)}.</p>
    <p class="note">
      ${scope === undefined ? 'Needs no key.' : html`Needs a key with the scope <code>${scope}</code>.`}
    </p>
    ${parameters.length === 0 ? '' : renderParameters(parameters)} ${renderBody(api, operation)}
    ${codeBlock(curlOf(method, path, operation, parameters), 'Example call')}
    ${Object.entries(operation.responses).map(([status, answer]) =>
      '$ref' in answer ? '' : renderAnswer(status, answer),
    )}
    ${renderRefusals(api, operation)}
  </article>`
}

/** One event that webhook endpoints are told. */
export function renderEvent(type: string, operation: Operation): Piece {
  const media = operation.requestBody?.content['application/json']
  return html`<article id="${anchorOf('operation', operation.operationId)}">
    <h3><span class="method event">EVENT</span> <code class="path">${type}</code></h3>
    <p>${prose(operation.summary)}</p>
    <details>
      <summary>Body</summary>
      ${jsonBlock(media?.example, `Body of ${type}`)} ${media === undefined ? '' : renderFields(media.schema, type)}
    </details>
  </article>`
}

/** Parameters with the places that they stand in. */
export function renderParameters(parameters: readonly Parameter[]): Piece {
  return html`<h4>Parameters</h4>
    <div class="scroll" tabindex="0" role="group" aria-label="Parameters">
      <table>
        <thead>
          <tr>
            <th scope="col">name</th>
            <th scope="col">type</th>
            <th scope="col">meaning</th>
          </tr>
        </thead>
        <tbody>
          ${parameters.map(({ name, in: place, required, schema, description }) =>
            renderRow(name, schema, required, description === undefined ? `In the ${place}.` : description),
          )}
        </tbody>
      </table>
    </div>`
}

function renderBody({ components }: OpenApi, { requestBody }: Operation): Piece | '' {
  const schema = requestBody?.content['application/json']?.schema
  if (schema === undefined) return ''
  const named = components.schemas[schema.$ref?.split('/').at(-1) ?? '']
  return html`<h4>Body</h4>
    ${renderFields(named ?? schema, 'the body')}`
}

function renderAnswer(status: string, { description, headers = {}, content = {} }: Answer): Piece {
  return html`<h4>Answer ${status}</h4>
    <p>${prose(description)}</p>
    <p class="note">
      Headers:
      ${prose(
        Object.keys(headers)
          .map((name) => `\`${name}\``)
          .join(', '),
      )}
    </p>
    ${Object.entries(content).map(([type, { schema, example }]) =>
      example === undefined
        ? html`<p><code>${type}</code>: ${prose(schema.description ?? '')}</p>`
        : html`<details>
            <summary><code>${type}</code></summary>
            ${jsonBlock(example, `Example of the answer ${status}`)} ${renderFields(schema, `the answer ${status}`)}
          </details>`,
    )}`
}

function renderRefusals({ components }: OpenApi, { responses }: Operation): Piece {
  const refusals = Object.entries(responses).flatMap(([status, answer]) =>
    '$ref' in answer ? codesOf(components, answer).map((code) => ({ status, code })) : [],
  )
  return html`<h4>Refusals</h4>
    <ul class="codes">
      ${refusals.map(
        ({ status, code }) =>
          html`<li>
            ${status} <a href="#${anchorOf('error', code)}"><code>${code}</code></a>
          </li>`,
      )}
    </ul>`
}

function codesOf({ responses }: OpenApi['components'], { $ref }: Reference): string[] {
  const { content } = responses[$ref.slice($ref.lastIndexOf('/') + 1)] ?? {}
  return Object.keys(content?.['application/json']?.examples ?? {})
}
