// What keeps the pages at hand without a network. It answers for our own pages and scripts alone: what is asked of the chain, the
// oracle or the relayer never passes here, and nothing that decides is remembered.
import {
  CacheableResponsePlugin,
  CacheFirst,
  ExpirationPlugin,
  NetworkFirst,
  Serwist,
  type SerwistPlugin,
} from 'serwist'

/** What is fetched at installation; written in when this is built. */
declare const PRECACHED: { url: string; revision: string }[]

const NETWORK_PATIENCE_SECONDS = 4 // a bar of signal that carries nothing is worse than none
const MOST_PAGES = 30
const MOST_SCRIPTS = 400
const OLDEST_SCRIPT_SECONDS = 90 * 24 * 3600

// A claim link's key stands behind the #. A page is kept under its bare path, or the key would be kept with it.
const bare: SerwistPlugin = {
  cacheKeyWillBeUsed: ({ request }) => {
    const { origin, pathname } = new URL(request.url)
    return Promise.resolve(origin + pathname)
  },
}

const isWhole = new CacheableResponsePlugin({ statuses: [200] })

const serwist = new Serwist({
  precacheEntries: PRECACHED,
  precacheOptions: { cleanupOutdatedCaches: true },
  // A new version waits until no page of the old one is open: nobody is interrupted at a counter.
  skipWaiting: false,
  clientsClaim: true,
  runtimeCaching: [
    {
      // Their names change with their contents.
      matcher: ({ sameOrigin, url }) => sameOrigin && url.pathname.startsWith('/_next/static/'),
      handler: new CacheFirst({
        cacheName: 'scripts',
        plugins: [
          isWhole,
          new ExpirationPlugin({
            maxEntries: MOST_SCRIPTS,
            maxAgeSeconds: OLDEST_SCRIPT_SECONDS,
            maxAgeFrom: 'last-used',
            purgeOnQuotaError: true,
          }),
        ],
      }),
    },
    {
      matcher: ({ sameOrigin, request }) => sameOrigin && isForPage(request),
      handler: new NetworkFirst({
        cacheName: 'pages',
        networkTimeoutSeconds: NETWORK_PATIENCE_SECONDS,
        matchOptions: { ignoreVary: true },
        plugins: [bare, isWhole, new ExpirationPlugin({ maxEntries: MOST_PAGES })],
      }),
    },
  ],
  fallbacks: {
    entries: [{ url: '/offline.html', matcher: ({ request }) => request.mode === 'navigate' }],
  },
})
serwist.addEventListeners()

function isForPage({ method, headers }: Request): boolean {
  return method === 'GET' && (headers.get('accept') ?? '').includes('text/html')
}
