// What the built app needs to be there without a network, written beside its public files: the service worker, of which Turbopack
// builds none, and the list of all scripts and styles that a holder's pages may come to load.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { LANGUAGES } from '../words/languages.ts'

const web = new URL('..', import.meta.url)
const AT_INSTALLATION = ['/offline.html', '/icon.svg', '/icon-192.png']
const POCKET_ROUTES = ['redeem', 'redeem/[book]', 'c']
const FILE = /static\/chunks\/[\w.~-]+\.(?:js|css)/g
const SPOKEN = /<!-- in every language.*-->/
// Only sending a transaction takes ethers, and that takes a network.
const NEEDS_NETWORK = /ethers-user-denied/

const texts = new Map(LANGUAGES.map(({ tag }) => [tag, textsOf(tag)]))
writeFileSync(new URL('public/offline.html', web), offlinePage())

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

const all = [...pocketFiles()].sort()
const words = Object.fromEntries(all.flatMap((file) => languagesIn(file).map((tag) => [tag, file])))
const spoken = new Set(Object.values(words))
const files = all.filter((file) => !spoken.has(file))
for (const { tag, load } of LANGUAGES) {
  if (load && !words[tag]) throw new Error(`The build has no part with the words of ${tag}.`)
}
const id = createHash('sha256').update(all.join()).digest('hex').slice(0, 16)
writeFileSync(new URL('public/pocket-files.json', web), JSON.stringify({ id, files, words }))

/** What the routes name, what that loads when it is asked to, and so on. */
function pocketFiles() {
  const found = new Set()
  const follow = (text) => {
    for (const [file] of text.matchAll(FILE)) {
      if (found.has(`/_next/${file}`)) continue
      const text = readFileSync(new URL(`.next/${file}`, web), 'utf8')
      if (NEEDS_NETWORK.test(text)) continue
      found.add(`/_next/${file}`)
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

/** The languages whose words this part has: only who chose one keeps it. */
function languagesIn(file) {
  const text = readFileSync(new URL(file.replace('/_next/', '.next/'), web), 'utf8')
  return LANGUAGES.flatMap(({ tag, load }) =>
    load && text.includes(texts.get(tag)['failure.UNEXPECTED']) ? [tag] : [],
  )
}

/** What a phone shows in place of a page that it has not kept. */
function offlinePage() {
  const page = readFileSync(new URL('service-worker/no-network.html', web), 'utf8')
  const sections = LANGUAGES.map(({ tag, direction }) => {
    const say = texts.get(tag)
    return `<section lang="${tag}" dir="${direction}">
        <h1>${say['away.title']}</h1>
        <p>${say['offline.words']}</p>
        <p><a href="/redeem">${say['offline.pocket']}</a></p>
        <p><a href="">${say['common.again']}</a></p>
      </section>`
  })
  return page.replace(SPOKEN, sections.join('\n      '))
}

function textsOf(tag) {
  return JSON.parse(readFileSync(new URL(`words/${tag}.json`, web), 'utf8'))
}

function digestOf(url) {
  const bytes = readFileSync(new URL(`public${url}`, web))
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}
