// Prints each route's initial JavaScript, gzipped, from the built app itself: it is started, a page is fetched, and every
// script that the page names is weighed. Fails if a holder's page is too heavy, or if ethers or the map come with it. `--json`
// prints the bytes of each route.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const BOOK = '0x000000000000000000000000000000000000dEaD'
const ROUTES = [
  '/',
  '/organise',
  `/organise/${BOOK}`,
  '/redeem',
  `/redeem/${BOOK}`,
  '/c',
  '/send',
  `/audit/${BOOK}`,
]
const LIMIT = 180_000
// Where a holder comes in.
const DOORS = ['/redeem', '/c']

// What only these libraries' own code says.
const HEAVY = { ethers: /ethers-user-denied|could not coalesce error/, maplibre: /maplibregl-/ }

const isJson = process.argv.includes('--json')
const say = isJson ? () => undefined : console.log
const web = fileURLToPath(new URL('..', import.meta.url))
const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
const port = await freePort()
const base = `http://127.0.0.1:${port}`

const server = spawn(process.execPath, [next, 'start', '-p', String(port), '-H', '127.0.0.1'], {
  cwd: web,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...process.env,
    CHAIN_ID: '1',
    RPC_URL: base,
    ORACLE_URL: base,
    RELAYER_URL: base,
    FACTORY_ADDRESS: BOOK,
    FACTORY_BLOCK: '0',
    DEMO: '',
  },
})

try {
  await untilReady()
  const problems = []
  const sizes = []
  for (const route of ROUTES) {
    const { bytes, text } = await weigh(route)
    const heavy = Object.keys(HEAVY).filter((name) => HEAVY[name].test(text))
    sizes.push({ route, bytes, heavy })
    const shown = route.replace(BOOK, '[book]')
    say(
      `${String(Math.round(bytes / 1000)).padStart(5)} kB  ${shown}${heavy.length ? `  (with ${heavy.join(', ')})` : ''}`,
    )
    if (heavy.length > 0) problems.push(`${shown} loads ${heavy.join(' and ')} at once.`)
    if (DOORS.some((door) => route.startsWith(door)) && bytes > LIMIT) {
      problems.push(`${shown} is over ${LIMIT / 1000} kB.`)
    }
  }
  const redeem = sizes.find(({ route }) => route === `/redeem/${BOOK}`)
  say(
    `Redeem page: ${Math.round(redeem.bytes / 1000)} kB gzip of initial JavaScript, limit ${LIMIT / 1000}.`,
  )
  if (isJson) {
    const bytes = sizes.map(({ route, bytes }) => [route.replace(BOOK, '[book]'), bytes])
    console.log(JSON.stringify(Object.fromEntries(bytes)))
  }
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  server.kill()
}

async function weigh(route) {
  const response = await fetch(base + route)
  const html = await response.text()
  if (!response.ok) throw new Error(`${route} answers ${response.status}`)
  const sources = [...html.matchAll(/<script\b([^>]*)>/g)]
    .filter(([, attributes]) => !/\bnomodule\b/i.test(attributes)) // browsers of today skip those
    .flatMap(([, attributes]) => /\bsrc="([^"]+)"/.exec(attributes)?.[1] ?? [])
  const texts = await Promise.all(
    [...new Set(sources)].map(async (source) => (await fetch(new URL(source, base))).text()),
  )
  if (texts.length === 0) throw new Error(`${route} names no script`)
  return {
    bytes: texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0),
    text: texts.join('\n'),
  }
}

async function untilReady() {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (server.exitCode !== null) throw new Error('The built app does not start. Build it first.')
    const isUp = await fetch(`${base}/icon.svg`).then(
      (response) => response.ok,
      () => false,
    )
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('The built app does not answer.')
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
