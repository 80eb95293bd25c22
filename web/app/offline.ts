// Where a holder comes in: what the home screen opens, and what a claim link opens.
const DOORS = ['/redeem', '/c']
const AS_PAGE: RequestInit = { headers: { accept: 'text/html' } }
const KEPT = 'coupon-secure.kept-files'

type Url = string | [string, RequestInit]
/** What may be loaded, and apart from it the words of each language. */
type PocketFiles = { id: string; files: string[]; words: Partial<Record<string, string>> }

/**
 * Installs the service worker, and has it keep this page where it is a holder's, and all that such pages may come to load, with the
 * words of the language that is spoken.
 */
export async function keepOffline({
  path,
  language,
}: {
  path: string
  language: string
}): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const { serviceWorker } = navigator
  try {
    await serviceWorker.register('/service-worker.js', { updateViaCache: 'none' })
    if (!DOORS.some((door) => path.startsWith(door))) return
    const { active } = await serviceWorker.ready
    if (active === null) return

    const pages: Url[] = []
    for (const page of new Set([path, ...DOORS])) {
      const { href } = new URL(page, location.origin) // never what stands behind the #
      if ((await caches.match(href, { ignoreVary: true })) === undefined)
        pages.push([href, AS_PAGE])
    }
    const { id, files, words } = (await (await fetch('/pocket-files.json')).json()) as PocketFiles
    const parts = [...files, ...(words[language] === undefined ? [] : [words[language]])]
    const kept = `${id}.${language}`
    const isKept = localStorage.getItem(KEPT) === kept
    const urls = isKept ? pages : [...pages, ...parts.map((part) => location.origin + part)]
    if (await isDone({ active, urls })) localStorage.setItem(KEPT, kept)
  } catch (error) {
    // A private window, a policy, or the network went: everything works without, as long as there is a network.
    console.info('Not everything is kept for when there is no network.', error)
  }
}

/** Whether the service worker has fetched all of them. */
function isDone({ active, urls }: { active: ServiceWorker; urls: Url[] }): Promise<boolean> {
  const { port1, port2 } = new MessageChannel()
  const done = new Promise<boolean>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data === true)
  })
  active.postMessage({ type: 'CACHE_URLS', payload: { urlsToCache: urls } }, [port2])
  return done
}
