import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'vitest'
import type { Contract } from '#contracts/http/contract.ts'
import type { Answer, OpenApi } from '#edge/openapi/open-api.ts'

/** Holds real answers against what /openapi.json says of them. */
export interface DocumentedAnswers {
  /** Fails when the status, a header, the media type or the body is not as described. */
  check(contract: Contract, response: Response, text: string): void
}

export function readDocumentedAnswers(api: OpenApi): DocumentedAnswers {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema(api, 'api')
  return {
    check({ method, path }, { status, headers }, text) {
      const operation = api.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      const named = operation?.responses[String(status)]
      expect(named, `${method} ${path} documents an answer ${status}`).toBeDefined()
      if (named === undefined) return
      const answer = '$ref' in named ? api.components.responses[named.$ref.split('/').at(-1) ?? ''] : named
      expect(Object.keys(answer?.headers ?? {})).toContain('X-Request-Id')
      if (answer?.content === undefined) return expect(text).toBe('')
      const mediaType = (headers.get('content-type') ?? '').replace(/;.*/, '')
      expect(Object.keys(answer.content)).toContain(mediaType)
      if (mediaType === 'application/json') expect(problemsOf(answer, text)).toEqual([])
    },
  }

  function problemsOf({ content }: Answer, text: string): unknown[] {
    const schema = content?.['application/json']?.schema
    // References point into the document, so the schema is read as a part of it.
    const inDocument = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/')) as object
    const validate = ajv.compile(inDocument)
    return validate(JSON.parse(text)) ? [] : (validate.errors ?? [])
  }
}
