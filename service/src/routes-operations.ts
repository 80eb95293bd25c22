import type { Readiness } from '@coupon-secure/protocol/wire-readiness'
import { Hono } from 'hono'
import type { ServiceEnv } from './guard.ts'
import type { Metrics } from './metrics.ts'

/** What whoever runs a service asks it: does it live, can it serve, how does it do. */
export function operationsRoutes({
  metrics,
  readiness,
}: {
  metrics: Metrics
  readiness: () => Promise<Readiness>
}): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>()

  app.get('/healthz', (context) => context.json({ ok: true }))

  app.get('/readyz', async (context) => {
    const answer = await readiness()
    return context.json(answer, answer.ok ? 200 : 503)
  })

  app.get('/metrics', async (context) =>
    context.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType }),
  )

  return app
}
