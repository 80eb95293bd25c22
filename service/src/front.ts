import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import type { Logger } from 'pino'
import { knownOriginsOnly, logged, problemAnswer, type ServiceEnv } from './guard.ts'
import type { Metrics } from './metrics.ts'
import { Problem, problemOf } from './problem.ts'

/** What every service does before it knows what is asked, and when there is nothing at an address or something fails. */
export function createFront({
  now,
  logger,
  metrics,
  corsOrigins,
}: {
  now: () => number
  logger: Logger
  metrics: Metrics
  corsOrigins: readonly string[]
}): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>()

  app.use(requestId({ limitLength: 64 }))
  app.use(logged({ logger, now }))
  app.use(metrics.counted)
  app.use(async (context, next) => {
    await next()
    const policy = context.get('policy')
    if (policy) context.header('Content-Security-Policy', policy)
  })
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      xFrameOptions: 'DENY',
    }),
  )
  app.use(async (context, next) => {
    context.header('Cache-Control', 'no-store')
    await next()
  })
  app.use(knownOriginsOnly(corsOrigins))
  app.use(
    cors({
      origin: [...corsOrigins],
      allowMethods: ['GET', 'POST'],
      allowHeaders: ['Content-Type'],
      exposeHeaders: ['Retry-After', 'X-Request-Id'],
      maxAge: 600,
    }),
  )
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (context, methods) =>
        problemAnswer({
          context,
          problem: new Problem('METHOD', { headers: { Allow: methods.join(', ') } }),
        }),
    }),
  )
  app.notFound((context) => problemAnswer({ context, problem: new Problem('NOT_FOUND') }))
  app.onError((error, context) => problemAnswer({ context, problem: problemOf(error) }))
  return app
}
