import { html } from 'hono/html'
import type { JsonSchema } from '#edge/openapi/open-api.ts'
import { listFields, listMixedIn } from './list-fields.ts'
import { anchorOf, jsonBlock, prose, type Piece } from './markup.ts'

/** A named schema with its anchor. */
export function renderSchema(name: string, schema: JsonSchema): Piece {
  const [example] = schema.examples ?? []
  const isObject = listFields(schema).length > 0
  return html`<section id="${anchorOf('schema', name)}">
    <h3>${name}</h3>
    ${schema.description === undefined ? '' : html`<p>${prose(schema.description)}</p>`}
    ${isObject ? renderFields(schema, name) : html`<p>${renderType(schema)} ${renderLimits(schema)}</p>`}
    ${isObject && example !== undefined ? jsonBlock(example, `Example of ${name}`) : ''}
  </section>`
}

/** A table of the fields of an object; a link where the schema is only a name. */
export function renderFields(schema: JsonSchema, caption: string): Piece {
  const fields = listFields(schema)
  if (fields.length === 0) return html`<p>${renderType(schema)}</p>`
  const mixedIn = listMixedIn(schema)
  return html`${mixedIn.length === 0 ? '' : html`<p>The fields of ${mixedIn.map(renderType)}, and:</p>`}
    <div class="scroll" tabindex="0" role="group" aria-label="Fields of ${caption}">
      <table>
        <thead>
          <tr>
            <th scope="col">field</th>
            <th scope="col">type</th>
            <th scope="col">meaning</th>
          </tr>
        </thead>
        <tbody>
          ${fields.map((field) => renderRow(field.path, field.schema, field.required))}
        </tbody>
      </table>
    </div>`
}

/** A row of name, type and meaning. */
export function renderRow(name: string, schema: JsonSchema, required: boolean, description?: string): Piece {
  const meaning = description ?? schema.description
  return html`<tr>
    <td><code>${name}</code>${required ? '' : html` <small>optional</small>`}</td>
    <td>${renderType(schema)}</td>
    <td>${meaning === undefined ? '' : prose(meaning)} ${renderLimits(schema)}</td>
  </tr>`
}

function renderType(schema: JsonSchema): Piece {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
    return html`<a href="#${anchorOf('schema', name)}">${name}</a>`
  }
  const parts = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (parts !== undefined) {
    const between = schema.allOf === undefined ? ' or ' : ' and '
    return html`${parts.map((part, index) => html`${index === 0 ? '' : between}${renderType(part)}`)}`
  }
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`
  if (schema.items !== undefined) return html`list of ${renderType(schema.items)}`
  const type = [schema.type ?? 'any'].flat().join(' or ')
  return html`${schema.format === undefined ? type : `${type} (${schema.format})`}`
}

/** What a value must keep to, as far as the type does not tell it. */
function renderLimits(schema: JsonSchema): Piece {
  const values = schema.enum?.map((value) => html`<code>${String(value)}</code> `)
  const limits = [
    between(schema['minLength'], schema['maxLength'], ' characters'),
    between(schema['minItems'], schema['maxItems'], ' entries'),
    between(schema['minimum'], schema['maximum'], ''),
  ].filter((limit) => limit !== '')
  return html`${values === undefined ? '' : html`One of: ${values}`}${
    limits.length === 0 ? '' : html`<small>${limits.join(', ')}.</small> `
  }${schema.pattern === undefined ? '' : html`<small>Pattern <code>${schema.pattern}</code></small> `}${
    schema.default === undefined ? '' : html`<small>Default <code>${JSON.stringify(schema.default)}</code></small>`
  }`
}

function between(least: unknown, most: unknown, unit: string): string {
  // Zod names the largest safe integer where a contract names no limit.
  const limit = typeof most === 'number' && most < Number.MAX_SAFE_INTEGER ? most : undefined
  if (typeof least === 'number' && least > -Number.MAX_SAFE_INTEGER) {
    return limit === undefined ? `At least ${least}${unit}` : `${least} to ${limit}${unit}`
  }
  return limit === undefined ? '' : `At most ${limit}${unit}`
}
