import type { JsonSchema } from '#edge/openapi/open-api.ts'

/** One line of the table of an object's fields. */
export interface Field {
  /** From the object on: `text.body`, `events[]`. */
  path: string
  required: boolean
  schema: JsonSchema
}

/** The fields of a schema and of the objects inside it, up to those that have a name of their own. */
export function listFields(schema: JsonSchema, before = '', required = true): Field[] {
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].filter(isInline)
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = before === '' ? name : `${before}.${name}`
    const isRequired = required && (schema.required ?? []).includes(name)
    return [{ path, required: isRequired, schema: field }, ...listFields(field, path, isRequired)]
  })
  const items = schema.items === undefined ? [] : listFields(schema.items, `${before}[]`, required)
  return [...own, ...parts.flatMap((part) => listFields(part, before, required)), ...items]
}

/** The named schemas whose fields an object has beside its own. */
export function listMixedIn({ allOf = [] }: JsonSchema): JsonSchema[] {
  return allOf.filter((part) => !isInline(part))
}

function isInline({ $ref }: JsonSchema): boolean {
  return $ref === undefined
}
