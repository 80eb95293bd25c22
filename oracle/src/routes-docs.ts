import { Hono } from 'hono'
import { docsPage, DOCS_POLICY } from './docs-page.ts'
import type { OracleEnv } from './guard.ts'
import { openApi } from './openapi.ts'

/** The description of everything the oracle answers, for programs and for people. */
export function docsRoutes(): Hono<OracleEnv> {
  const description = openApi()
  const page = docsPage(description)
  const app = new Hono<OracleEnv>()
  app.get('/openapi.json', (context) => context.json(description))
  app.get('/docs', (context) => {
    context.set('policy', DOCS_POLICY)
    return context.html(page)
  })
  return app
}
