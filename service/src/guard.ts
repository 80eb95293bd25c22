import type { Context, MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import type { Logger } from 'pino'
import { traceOf } from './log.ts'
import { Problem, problemOf } from './problem.ts'

/** What a request carries along: the network it came from, the code of a no for the log or the name of a yes for the metrics, and a page's own content policy. */
export type ServiceEnv = {
  Bindings: { sender?: string }
  Variables: { requestId: string; refusal?: string; outcome?: string; policy?: string }
}

/** Refuses pages from origins that are not listed; whoever sends no origin is no browser's page. */
export function knownOriginsOnly(origins: readonly string[]): MiddlewareHandler<ServiceEnv> {
  return createMiddleware<ServiceEnv>(async (context, next) => {
    const origin = context.req.header('origin')
    if (origin !== undefined && !origins.includes(origin)) throw new Problem('ORIGIN_FORBIDDEN')
    await next()
  })
}

/** Logs each request when it is answered: its route and outcome, never its path, body or sender. */
export function logged({
  logger,
  now,
}: {
  logger: Logger
  now: () => number
}): MiddlewareHandler<ServiceEnv> {
  return createMiddleware<ServiceEnv>(async (context, next) => {
    const started = now()
    await next()
    const { error, res: response } = context
    const code = error ? problemOf(error).code : context.get('refusal')
    const entry = {
      requestId: context.get('requestId'),
      method: context.req.method,
      route: routePath(context, -1),
      status: response.status,
      milliseconds: now() - started,
      code,
    }
    if (response.status >= 500) logger.error({ ...entry, error: traceOf(error) }, 'failed')
    else logger.info(entry, 'answered')
  })
}

/** The network address that sent the request; one for all whose address is not known. */
export function senderOf(context: Context<ServiceEnv>): string {
  return context.env.sender ?? 'nobody'
}

/** A Problem as its sender hears it. */
export function problemAnswer({
  context,
  problem,
}: {
  context: Context<ServiceEnv>
  problem: Problem
}): Response {
  const { code, message, field, status, headers } = problem
  const id = context.get('requestId')
  return context.json({ error: { code, message, field, requestId: id } }, status, headers)
}
