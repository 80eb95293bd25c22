import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)

/** The script behind a package's command, so that it runs under this very Node on every platform. */
export function programOf({ owner, command = owner }: { owner: string; command?: string }): string {
  const manifest = require.resolve(`${owner}/package.json`)
  const { bin } = require(manifest) as { bin: string | Record<string, string> }
  const script = typeof bin === 'string' ? bin : bin[command]
  if (script === undefined) throw new Error(`${owner} has no command ${command}.`)
  return path.join(path.dirname(manifest), script)
}
