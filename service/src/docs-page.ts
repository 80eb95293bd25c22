import { createHash } from 'node:crypto'
import type { OpenApi } from './openapi.ts'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
h2 { margin: 2.5rem 0 0; font-size: 1.1rem } h2 code { font-size: 1rem }
pre { overflow: auto; padding: .75rem; border: 1px solid; font-size: .85rem }
`

/** What the page may do: be read, in its own style. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** The description as a page: no script, nothing from elsewhere. */
export function docsPage({
  info,
  paths,
  at,
}: Pick<OpenApi, 'info' | 'paths'> & { at: string }): string {
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary, parameters, requestBody, responses }]) => {
      const parts = [
        ...(parameters.length > 0 ? [part({ title: 'Parameters', shown: parameters })] : []),
        ...Object.values(requestBody?.content ?? {}).map(({ schema }) =>
          part({ title: 'Request', shown: schema }),
        ),
        ...Object.entries(responses).map(([status, { description, content = {} }]) =>
          part({
            title: `${status === 'default' ? 'Any other status' : status}: ${description}`,
            shown: Object.values(content)[0]?.schema ?? 'nothing',
          }),
        ),
      ]
      const heading = `${method.toUpperCase()} ${path}`
      return `<h2><code>${escaped(heading)}</code></h2>\n<p>${escaped(summary)}</p>\n${parts.join('\n')}`
    }),
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(info.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(info.title)}</h1>
<p>${escaped(info.description)} For programs: <a href="${escaped(at.slice(1))}">openapi.json</a>.</p>
${routes.join('\n')}
</body>
</html>
`
}

function part({ title, shown }: { title: string; shown: unknown }): string {
  const pretty = escaped(JSON.stringify(shown, null, 2))
  return `<details><summary>${escaped(title)}</summary><pre>${pretty}</pre></details>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
