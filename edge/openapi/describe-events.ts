import { eventDataSchemas, eventMeanings, eventSchema, eventTypes, type EventType } from '#contracts/events.ts'
import { exampleOf } from './example-of.ts'
import type { Operation, OpenApi, Parameter } from './open-api.ts'
import type { SchemaBook } from './schema-book.ts'

/** The headers of Standard Webhooks. */
const headers: Parameter[] = [
  {
    name: 'webhook-id',
    in: 'header',
    required: true,
    description: "The event's id: the same at every attempt. Drop what you have seen.",
    schema: { type: 'string' },
  },
  {
    name: 'webhook-timestamp',
    in: 'header',
    required: true,
    description: 'When this attempt was made, in Unix seconds. Refuse what is more than five minutes off.',
    schema: { type: 'string', pattern: '^\\d+$' },
  },
  {
    name: 'webhook-signature',
    in: 'header',
    required: true,
    description:
      '`v1,` and the base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`; several are separated by spaces.',
    schema: { type: 'string', examples: ['v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4='] },
  },
]

/** What the service sends to webhook endpoints, by event type. */
export function describeEvents(book: SchemaBook): OpenApi['webhooks'] {
  return Object.fromEntries(eventTypes.map((type) => [type, { post: describeEvent(type, book) }]))
}

function describeEvent(type: EventType, book: SchemaBook): Operation {
  const event = book.read(eventSchema)
  const data = book.read(eventDataSchemas[type])
  const schema = {
    allOf: [event, { type: 'object', properties: { type: { const: type }, data }, required: ['type', 'data'] }],
  }
  return {
    operationId: `on${type.replace(/(^|[._])([a-z])/g, (_match, _before: string, letter: string) => letter.toUpperCase())}`,
    summary: eventMeanings[type],
    tags: ['Events'],
    security: [],
    parameters: headers,
    requestBody: { required: true, content: { 'application/json': { schema, example: exampleOf(schema, book) } } },
    responses: {
      '2XX': { description: 'You have it. Answer within 15 seconds.' },
      '410': { description: 'Never again: the endpoint is disabled.' },
      default: { description: 'It is tried again with growing pauses for about three days.' },
    },
  }
}
