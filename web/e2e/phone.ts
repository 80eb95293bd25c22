import type { Browser, BrowserContext, Page } from 'playwright-core'
import { inRoot } from '../../scripts/folders.ts'

/** A position as the phone's own receiver tells it. */
export type Place = { longitude: number; latitude: number; accuracy?: number }

/** In the middle of site 1 of demo/venue.geojson, the mess hall. */
export const MESS_HALL: Place = { longitude: 75.9236, latitude: 26.9359, accuracy: 8 }

/** The street 200 m south of the mess hall: no site is near. */
export const STREET: Place = { longitude: 75.9236, latitude: 26.9338, accuracy: 8 }

/**
 * A phone of its own: its own storage, a granted position, one time zone wherever the test runs. What comes from a service worker is
 * no request of a page: walks that change answers on their way do without one.
 */
export async function openPhone({
  browser,
  place = MESS_HALL,
  hasServiceWorker = false,
  locale = 'en-GB',
}: {
  browser: Browser
  place?: Place
  hasServiceWorker?: boolean
  /** What the phone is set to. */
  locale?: string
}): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    locale,
    timezoneId: 'Asia/Kolkata',
    geolocation: place,
    permissions: ['geolocation'],
    serviceWorkers: hasServiceWorker ? 'allow' : 'block',
  })
  context.setDefaultTimeout(45_000) // two cores under load say nothing about the code
  return context
}

/** Opens a page whose console errors are remembered. */
export async function openPage(context: BrowserContext): Promise<Page & { complaints: string[] }> {
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  return Object.assign(page, { complaints })
}

/** When a test has failed: what its pages showed, in words here and as pictures in test-results/. */
export async function tellFailure({
  test,
  browser,
}: {
  test: Mocha.Test | undefined
  browser: Browser
}): Promise<void> {
  if (test?.state !== 'failed') return
  const pages = browser.contexts().flatMap((context) => context.pages())
  for (const [number, page] of pages.entries()) {
    const file = `${test.title.replace(/\W+/g, '-')}-${number}.png`
    await page
      .screenshot({ path: inRoot('test-results', file), fullPage: true })
      .catch(() => undefined)
    const words = await page.getByRole('main').innerText().catch(String)
    console.log(`--- ${page.url()} (test-results/${file})\n${words}\n---`)
  }
}
