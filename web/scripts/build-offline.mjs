// What the built app needs to be there without a network, written beside its public files: the service worker, of which Turbopack
// builds none, and the list of all scripts and styles that a holder's pages may come to load.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const web = new URL('..', import.meta.url)
const AT_INSTALLATION = ['/offline.html', '/icon.svg', '/icon-192.png']
const POCKET_ROUTES = ['redeem', 'redeem/[book]', 'c']
const FILE = /static\/chunks\/[\w.~-]+\.(?:js|css)/g
// Only sending a transaction takes ethers, and that takes a network.
const NEEDS_NETWORK = /ethers-user-denied/

await build({
  entryPoints: [fileURLToPath(new URL('service-worker/service-worker.ts', web))],
  outfile: fileURLToPath(new URL('public/service-worker.js', web)),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  legalComments: 'none',
  define: {
    'process.env.NODE_ENV': '"production"',
    PRECACHED: JSON.stringify(AT_INSTALLATION.map((url) => ({ url, revision: digestOf(url) }))),
  },
})

const files = [...pocketFiles()].map((file) => `/_next/${file}`).sort()
const id = createHash('sha256').update(files.join()).digest('hex').slice(0, 16)
writeFileSync(new URL('public/pocket-files.json', web), JSON.stringify({ id, files }))

/** What the routes name, what that loads when it is asked to, and so on. */
function pocketFiles() {
  const found = new Set()
  const follow = (text) => {
    for (const [file] of text.matchAll(FILE)) {
      if (found.has(file)) continue
      const text = readFileSync(new URL(`.next/${file}`, web), 'utf8')
      if (NEEDS_NETWORK.test(text)) continue
      found.add(file)
      follow(text)
    }
  }
  for (const route of POCKET_ROUTES) {
    follow(
      readFileSync(
        new URL(`.next/server/app/${route}/page_client-reference-manifest.js`, web),
        'utf8',
      ),
    )
  }
  if (found.size === 0) throw new Error('The build of the holder’s pages names no scripts.')
  return found
}

function digestOf(url) {
  const bytes = readFileSync(new URL(`public${url}`, web))
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}
