/** The parts of OpenAPI 3.1 that our description uses. */
export interface OpenApi {
  openapi: '3.1.1'
  info: { title: string; version: string; summary: string; description: string; license: object }
  servers: { url: string; description: string }[]
  tags: { name: string; description: string }[]
  security: Security[]
  paths: Record<string, Record<string, Operation>>
  webhooks: Record<string, { post: Operation }>
  components: {
    schemas: Record<string, JsonSchema>
    responses: Record<string, Answer>
    examples: Record<string, Example>
    parameters: Record<string, Parameter>
    headers: Record<string, Header>
    securitySchemes: Record<string, object>
  }
}

export interface Operation {
  operationId: string
  summary: string
  tags: string[]
  security: Security[]
  parameters: (Parameter | Reference)[]
  requestBody?: { required: boolean; content: Record<string, Media> }
  responses: Record<string, Answer | Reference>
}

/** Scheme > the scopes that the key needs. */
export type Security = Record<string, string[]>

export interface Reference {
  $ref: string
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: JsonSchema
}

export interface Header {
  description?: string
  schema: JsonSchema
}

export interface Answer {
  description: string
  headers?: Record<string, Header | Reference>
  content?: Record<string, Media>
}

export interface Media {
  schema: JsonSchema
  example?: unknown
  examples?: Record<string, Reference>
}

export interface Example {
  summary: string
  value: unknown
}

/** JSON Schema 2020-12, of which the keywords that we look at are named. */
export interface JsonSchema {
  [keyword: string]: unknown
  $ref?: string
  type?: string | string[]
  description?: string
  format?: string
  pattern?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  items?: JsonSchema
  enum?: unknown[]
  const?: unknown
  default?: unknown
  examples?: unknown[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
}
