import type { Browser, BrowserContext } from 'playwright-core'

/** An organiser's laptop: its own storage, one time zone wherever the test runs. */
export async function openLaptop({ browser }: { browser: Browser }): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Asia/Kolkata',
  })
  context.setDefaultTimeout(45_000) // two cores under load say nothing about the code
  return context
}
