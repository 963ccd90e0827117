import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Contract } from '#contracts/http/contract.ts'
import type { Answer, OpenApi, Operation } from '#edge/openapi/open-api.ts'

/** Holds real answers against what /openapi.json says of them. */
export interface DocumentedAnswers {
  /** What of the status, the headers, the media type or the body is not as described; empty when all is. */
  problems(contract: Contract, response: Response, text: string): string[]
}

export function readDocumentedAnswers(api: OpenApi): DocumentedAnswers {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema(api, 'api')
  const validators = new Map<Answer, ValidateFunction>()

  return {
    problems({ method, path }, { status, headers }, text) {
      const operation = api.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      const answer = answerOf(operation, status)
      if (answer === undefined) return [`${method} ${path} documents no answer ${status}`]
      const missing = answer.headers !== undefined && 'X-Request-Id' in answer.headers ? [] : ['no X-Request-Id']
      if (answer.content === undefined) return text === '' ? missing : [...missing, 'a body where none is documented']
      const mediaType = (headers.get('content-type') ?? '').replace(/;.*/, '')
      if (!(mediaType in answer.content)) return [...missing, `${mediaType} is not a documented media type`]
      return mediaType === 'application/json' ? [...missing, ...problemsOf(answer, text)] : missing
    },
  }

  function answerOf(operation: Operation | undefined, status: number): Answer | undefined {
    const named = operation?.responses[String(status)]
    if (named === undefined || !('$ref' in named)) return named
    return api.components.responses[named.$ref.split('/').at(-1) ?? '']
  }

  function problemsOf(answer: Answer, text: string): string[] {
    let validate = validators.get(answer)
    if (validate === undefined) {
      const schema = answer.content?.['application/json']?.schema
      // References point into the document, so the schema is read as a part of it.
      validate = ajv.compile(
        JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/')) as object,
      )
      validators.set(answer, validate)
    }
    return validate(JSON.parse(text)) ? [] : [ajv.errorsText(validate.errors, { dataVar: 'answer' })]
  }
}
