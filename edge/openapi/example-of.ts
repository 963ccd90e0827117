import type { JsonSchema } from './open-api.ts'
import type { SchemaBook } from './schema-book.ts'

/** An example of what a schema takes: the one that it brings, or one made of those of its parts. */
export function exampleOf(schema: JsonSchema, book: Pick<SchemaBook, 'resolve'>): unknown {
  const { examples, const: only, enum: values, default: usual, ...rest } = { ...book.resolve(schema), ...schema }
  if (examples !== undefined) return examples[0]
  if (only !== undefined) return only
  if (usual !== undefined) return usual
  if (values !== undefined) return values[0]
  const [first] = rest.anyOf ?? rest.oneOf ?? []
  if (first !== undefined) return exampleOf(first, book)
  if (rest.allOf !== undefined) return Object.assign({}, ...rest.allOf.map((part) => exampleOf(part, book)))
  const type = Array.isArray(rest.type) ? rest.type[0] : rest.type
  if (type === 'object') return objectOf(rest, book)
  if (type === 'array') return rest.items === undefined ? [] : [exampleOf(rest.items, book)]
  if (type === 'integer' || type === 'number') return 1
  if (type === 'boolean') return true
  return rest.format === 'date-time' ? '2026-01-31T12:00:00.000Z' : 'text'
}

/** Its required fields, and those others that have an example. */
function objectOf({ properties = {}, required = [] }: JsonSchema, book: Pick<SchemaBook, 'resolve'>): object {
  const shown = Object.entries(properties).filter(([name, field]) => required.includes(name) || 'examples' in field)
  return Object.fromEntries(shown.map(([name, field]) => [name, exampleOf(field, book)]))
}
