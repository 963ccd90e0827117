import { z } from 'zod'
import type { JsonSchema } from './open-api.ts'

/** Turns the contracts' schemas into JSON Schema; those that have a name (`.meta({ id })`) stand once in `components`. */
export interface SchemaBook {
  /** Of what is sent: fields with a default may be absent. */
  read(schema: z.ZodType): JsonSchema
  components: Record<string, JsonSchema>
  /** The schema itself, where this one is only a reference to it. */
  resolve(schema: JsonSchema): JsonSchema
}

const prefix = '#/components/schemas/'

export function createSchemaBook(): SchemaBook {
  const components: Record<string, JsonSchema> = {}
  return {
    components,
    read(schema) {
      // Only what is inside another schema becomes a reference, so each is put inside one.
      const { properties, $defs } = withOurReferences(z.toJSONSchema(z.object({ schema }), options))
      Object.assign(components, $defs)
      return properties?.['schema'] ?? {}
    },
    resolve: (schema) => components[schema.$ref?.slice(prefix.length) ?? ''] ?? schema,
  }
}

const options = {
  io: 'input',
  // Ids are functions for zod; their schemas bring type and pattern along.
  unrepresentable: 'any',
  override({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }) {
    // It says `date-time` once more in 300 characters.
    if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
    delete jsonSchema['id']
    // A union that has one member so far.
    const { oneOf: [only, ...others] = [] } = jsonSchema
    if (only === undefined || others.length > 0) return
    delete jsonSchema.oneOf
    Object.assign(jsonSchema, only)
  },
} as const

function withOurReferences(schema: object): JsonSchema & { $defs?: Record<string, JsonSchema> } {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', `"${prefix}`)) as JsonSchema
}
