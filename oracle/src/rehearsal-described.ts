import { Ajv2020 } from 'ajv/dist/2020.js'
import { openApi } from './openapi.ts'

// Holds every answer in the tests to the description that the oracle gives of itself; nothing of the service uses it.

const { paths } = openApi()
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, formats: { uri: true } })
const validators = new Map<string, ReturnType<typeof ajv.compile> | undefined>(
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]) =>
      Object.entries(responses).map(([status, { content = {} }]) => {
        const schema = content['application/json']?.schema
        return [`${method} ${path} ${status}`, schema && ajv.compile(schema)] as const
      }),
    ),
  ),
)
const patterns = Object.keys(paths).map((path) => {
  return { path, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }
})

/** Throws where an answer is not as described. */
export async function requireDescribed({
  method,
  url,
  response,
}: {
  method: string
  url: string
  response: Response
}): Promise<void> {
  if (method === 'OPTIONS' || method === 'HEAD') return // no answers of ours
  const asked = new URL(url, 'http://oracle').pathname
  const path = patterns.find(({ pattern }) => pattern.test(asked))?.path ?? '/v1/oracle'
  const key = (status: number | string) => `${method.toLowerCase()} ${path} ${status}`
  const isOwn = validators.has(key(response.status))
  // A path or method that is not there is answered like anything else that could not be done.
  const known = isOwn ? key(response.status) : 'get /v1/oracle default'
  const validator = validators.get(known)
  if (!validator) return
  const body: unknown = await response.clone().json()
  // Of one status, a route's own answer or that it could not be done.
  const isDescribed = validator(body) || validators.get('get /v1/oracle default')?.(body)
  if (!isDescribed) {
    throw new Error(`${known} answers not as described: ${ajv.errorsText(validator.errors)}`)
  }
}
