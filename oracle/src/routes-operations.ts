import { Hono } from 'hono'
import type { OracleEnv } from './guard.ts'
import type { Metrics } from './metrics.ts'
import { createReadiness } from './readiness.ts'

/** What whoever runs the oracle asks it: does it live, can it serve, how does it do. */
export function operationsRoutes({
  metrics,
  ...dependencies
}: { metrics: Metrics } & Parameters<typeof createReadiness>[0]): Hono<OracleEnv> {
  const readiness = createReadiness(dependencies)
  const app = new Hono<OracleEnv>()

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
