import { Hono } from 'hono'
import { docsPage, DOCS_POLICY } from './docs-page.ts'
import type { ServiceEnv } from './guard.ts'
import type { OpenApi } from './openapi.ts'

/** The description of everything a service answers, for programs (`at`) and for people. */
export function docsRoutes({ openApi, at }: { openApi: OpenApi; at: string }): Hono<ServiceEnv> {
  const page = docsPage({ ...openApi, at })
  const app = new Hono<ServiceEnv>()
  app.get(at, (context) => context.json(openApi))
  app.get('/docs', (context) => {
    context.set('policy', DOCS_POLICY)
    return context.html(page)
  })
  return app
}
