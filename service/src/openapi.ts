import { errorAnswerSchema } from '@coupon-secure/protocol/wire'
import { readinessSchema } from '@coupon-secure/protocol/wire-readiness'
import { addressField, bytes32Field } from '@coupon-secure/protocol/wire-fields'
import * as z from 'zod/mini'

/** One route as the description has it; answers that could not be done (`errorAnswerSchema`) belong to every route. */
export type DescribedRoute = {
  method: 'get' | 'post'
  path: string
  summary: string
  body?: z.ZodMiniType
  query?: z.ZodMiniObject
  /** By status; text where there is no JSON. */
  answers: Record<number, z.ZodMiniType | 'text' | 'nothing'>
}

const aliveSchema = z.strictObject({ ok: z.literal(true) })

type JsonSchema = z.core.JSONSchema.BaseSchema
type Operation = {
  summary: string
  parameters: { name: string; in: 'path' | 'query'; required: boolean; schema: JsonSchema }[]
  requestBody?: { required: true; content: Content }
  responses: Record<string, Answer>
}
type Answer = { description: string; content?: Content }
type Content = Record<string, { schema: JsonSchema }>

/** The description of a service's HTTP interface, as OpenAPI 3.1 has it. */
export type OpenApi = {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string }
  paths: Record<string, Partial<Record<DescribedRoute['method'], Operation>>>
}

/** The routes that every service has; `serves` says what it means to be ready, `description` where the description is. */
export function routesOfAll({
  serves,
  description,
}: {
  serves: string
  description: string
}): DescribedRoute[] {
  return [
    { method: 'get', path: '/healthz', summary: 'That it lives.', answers: { 200: aliveSchema } },
    {
      method: 'get',
      path: '/readyz',
      summary: `${serves}: each thing that it needs, and what to do where one fails.`,
      answers: { 200: readinessSchema, 503: readinessSchema },
    },
    {
      method: 'get',
      path: '/metrics',
      summary: 'What it counts, for Prometheus.',
      answers: { 200: 'text' },
    },
    {
      method: 'get',
      path: description,
      summary: 'This description (OpenAPI 3.1).',
      answers: { 200: z.looseObject({ openapi: z.string() }) },
    },
    {
      method: 'get',
      path: '/docs',
      summary: 'This description, for people.',
      answers: { 200: 'text' },
    },
  ]
}

/** The whole interface, from the very schemas that requests are read with. */
export function openApiOf({
  title,
  description,
  routes,
}: {
  title: string
  description: string
  routes: readonly DescribedRoute[]
}): OpenApi {
  const paths: OpenApi['paths'] = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operationOf(route) }
  }
  return { openapi: '3.1.0', info: { title, version: '1', description }, paths }
}

function operationOf({ path, summary, body, query, answers }: DescribedRoute): Operation {
  const responses = Object.entries(answers).map(([status, answer]): [string, Answer] => {
    const description = Number(status) < 300 ? 'Done.' : 'Understood, and the answer is no.'
    if (answer === 'nothing') return [status, { description }]
    if (answer === 'text') return [status, { description, content: text() }]
    return [status, { description, content: json(answer) }]
  })
  return {
    summary,
    parameters: [...inPath(path), ...(query ? inQuery(query) : [])],
    ...(body && { requestBody: { required: true as const, content: json(body) } }),
    responses: {
      ...Object.fromEntries(responses),
      default: { description: 'Could not be done.', content: json(errorAnswerSchema) },
    },
  }
}

function inPath(path: string): Operation['parameters'] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => {
    const schema = ['digest', 'hash'].includes(name)
      ? schemaOf(bytes32Field)
      : { type: 'string' as const }
    return { name, in: 'path', required: true, schema }
  })
}

function inQuery(query: z.ZodMiniObject): Operation['parameters'] {
  const { properties = {}, required = [] } = schemaOf(query)
  return Object.entries(properties).flatMap(([name, schema]) =>
    typeof schema === 'boolean'
      ? []
      : [{ name, in: 'query' as const, required: required.includes(name), schema }],
  )
}

function json(schema: z.ZodMiniType): Content {
  return { 'application/json': { schema: schemaOf(schema) } }
}

function text(): Content {
  return {
    'text/plain': { schema: { type: 'string' } },
    'text/html': { schema: { type: 'string' } },
  }
}

function schemaOf(schema: z.ZodMiniType): JsonSchema {
  const described = z.toJSONSchema(schema, {
    io: 'input', // what travels, not what it is read as
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // Ours are all text; those of one form are told by it.
      if (zodSchema === addressField) jsonSchema.pattern = '^0x[0-9a-fA-F]{40}$'
      if (zodSchema === bytes32Field) jsonSchema.pattern = '^0x[0-9a-fA-F]{64}$'
      if (zodSchema._zod.def.type === 'custom') jsonSchema.type = 'string'
    },
  })
  // OpenAPI 3.1 says which dialect it is, once for all.
  delete described.$schema
  return described
}
