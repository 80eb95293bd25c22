import { Ajv2020 } from 'ajv/dist/2020.js'
import type { OpenApi } from './openapi.ts'

// Holds every answer in the tests to the description that a service gives of itself; nothing of the service uses it.

/** Throws where an answer is not as described. */
export type RequireDescribed = (answered: {
  method: string
  url: string
  response: Response
}) => Promise<void>

/** Holds answers to this description; what is at no path of it is answered as `other` is when that cannot be done. */
export function holdTo({ paths }: OpenApi, { other }: { other: string }): RequireDescribed {
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

  return async ({ method, url, response }) => {
    if (method === 'OPTIONS' || method === 'HEAD') return // no answers of ours
    const asked = new URL(url, 'http://service').pathname
    const path = patterns.find(({ pattern }) => pattern.test(asked))?.path ?? other
    const key = (status: number | string) => `${method.toLowerCase()} ${path} ${status}`
    const isOwn = validators.has(key(response.status))
    // A path or method that is not there is answered like anything else that could not be done.
    const known = isOwn ? key(response.status) : `get ${other} default`
    const validator = validators.get(known)
    if (!validator) return
    const body: unknown = await response.clone().json()
    // Of one status, a route's own answer or that it could not be done.
    const isDescribed = validator(body) || validators.get(`get ${other} default`)?.(body)
    if (!isDescribed) {
      throw new Error(`${known} answers not as described: ${ajv.errorsText(validator.errors)}`)
    }
  }
}
