import fc from 'fast-check'
import type { JsonSchema, OpenApi } from '#edge/openapi/open-api.ts'
import type { Random } from '#tests/simulation/random.ts'

export interface ValueSource {
  random: Random
  api: Pick<OpenApi, 'components'>
  /** Values that mean something in a field of that name: ids of the stage, cursors that were answered. */
  known: (field: string) => readonly string[]
}

/** A value that the schema takes, as far as JSON Schema can say what is taken. */
export function drawValue(source: ValueSource, given: JsonSchema, field = ''): unknown {
  const { random } = source
  const schema = resolveSchema(source.api, given)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return random.pick(schema.enum)
  const members = schema.anyOf ?? schema.oneOf
  if (members !== undefined) return drawValue(source, random.pick(members), field)
  if (schema.allOf !== undefined) {
    return Object.assign({}, ...schema.allOf.map((part) => drawValue(source, part, field) as object))
  }
  const type = Array.isArray(schema.type) ? random.pick(schema.type) : schema.type
  switch (type) {
    case 'object':
      return drawObject(source, schema)
    case 'array':
      return drawArray(source, schema, field)
    case 'integer':
    case 'number':
      return drawNumber(random, schema)
    case 'boolean':
      return random.chance(0.5)
    case 'null':
      return null
    default:
      return drawString(source, schema, field)
  }
}

/** The schema that a reference means. */
export function resolveSchema(api: ValueSource['api'], schema: JsonSchema): JsonSchema {
  const named = api.components.schemas[schema.$ref?.split('/').at(-1) ?? '']
  return named === undefined ? schema : { ...named, ...schema }
}

function drawObject(source: ValueSource, { properties = {}, required = [], examples = [] }: JsonSchema): object {
  // What the description shows should be taken; where fields exclude each other, which JSON Schema does not tell, chance
  // alone seldom finds what is.
  if (examples.length > 0 && source.random.chance(0.2)) return source.random.pick(examples) as object
  const fields = Object.entries(properties).filter(([name]) => required.includes(name) || source.random.chance(0.5))
  return Object.fromEntries(fields.map(([name, schema]) => [name, drawValue(source, schema, name)]))
}

function drawArray(source: ValueSource, schema: JsonSchema, field: string): unknown[] {
  const least = numberOf(schema, 'minItems') ?? 0
  const most = Math.min(numberOf(schema, 'maxItems') ?? 5, 200)
  const length = source.random.chance(0.1) ? most : source.random.whole(least, Math.min(most, least + 3))
  return Array.from({ length }, () => drawValue(source, schema.items ?? {}, field))
}

function drawNumber(random: Random, schema: JsonSchema): number {
  const low = numberOf(schema, 'minimum') ?? numberOf(schema, 'exclusiveMinimum') ?? 0
  const high = numberOf(schema, 'maximum') ?? low + 1_000
  const number = random.pick([low, high, random.whole(low, high), random.whole(low, Math.min(high, low + 20))])
  return schema.type === 'number' && random.chance(0.3) ? Math.min(high, number + 0.25) : number
}

function drawString(source: ValueSource, schema: JsonSchema, field: string): string {
  const { random } = source
  const known = source.known(field)
  if (known.length > 0 && random.chance(0.8)) return random.pick(known)
  const { examples = [] } = schema
  if (examples.length > 0 && random.chance(0.5)) return String(random.pick(examples))
  if (schema.format === 'date-time') return drawMoment(random)
  if (schema.format === 'uri') return random.pick(addresses)
  if (schema.pattern !== undefined) return matching(random, schema.pattern)
  const least = numberOf(schema, 'minLength') ?? 0
  const most = numberOf(schema, 'maxLength') ?? 200
  const length = random.pick([least, most, random.whole(least, Math.min(most, 30))])
  return textOf(random, length)
}

const addresses = [
  'https://shop.example.com/hooks',
  'https://xn--bcher-kva.example/?q=%F0%9F%93%A6#part',
  'https://sub.shop.example.com:8443/a/b',
]

/** What is well formed by RFC 3339, and what stands at the edges of that. */
function drawMoment(random: Random): string {
  const recent = new Date(Date.UTC(2026, random.whole(0, 23), random.whole(1, 28), random.whole(0, 23)))
  return random.pick([
    recent.toISOString(),
    recent.toISOString(),
    `${recent.toISOString().slice(0, 19)}.123456789+05:30`,
    '2026-01-31T12:00:00Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+23:59',
    '9999-12-31T23:59:59.999-23:59',
    '1970-01-01T00:00:00Z',
    '2099-12-31T23:59:59Z',
  ])
}

const patterns = new Map<string, fc.Arbitrary<string>>()

function matching(random: Random, pattern: string): string {
  let strings = patterns.get(pattern)
  if (strings === undefined) {
    strings = fc.stringMatching(new RegExp(pattern, 'u'))
    patterns.set(pattern, strings)
  }
  return fc.sample(strings, { numRuns: 1, seed: random.whole(0, 0x7fffffff) })[0] ?? ''
}

const alphabets = [
  'abcdefghijklmnopqrstuvwxyz -',
  'ÀéßñøŁžЖλ中文字かな한국',
  '\';--"<>&%_\\/{}$`|*?[]().,:+=@!#^~',
  '0123456789',
]

/** Text of that many UTF-16 units, of one alphabet. */
function textOf(random: Random, length: number): string {
  const alphabet = random.pick(alphabets)
  // Long texts repeat a piece: it is their length that is tried.
  const piece = Array.from({ length: Math.min(length, 40) }, () => alphabet[random.whole(0, alphabet.length - 1)]).join(
    '',
  )
  return piece.repeat(Math.ceil(length / Math.max(1, piece.length))).slice(0, length)
}

function numberOf(schema: JsonSchema, keyword: string): number | undefined {
  const value = schema[keyword]
  return typeof value === 'number' ? value : undefined
}
