import type { Page } from 'playwright-core'

/**
 * Moves a page's clock on to a moment (unix seconds), from which it goes on; pages loaded later have it too. Not by Playwright's own
 * clock, which also takes over the timers by which requests are given up.
 */
export async function movePageClock({ page, to }: { page: Page; to: number }): Promise<void> {
  const ahead = to * 1000 - Date.now()
  await page.addInitScript(setAhead, ahead)
  await page.evaluate(setAhead, ahead)
}

/** Runs in the page. */
function setAhead(ahead: number): void {
  const own: unknown = Reflect.get(Date, 'ownNow')
  const now = typeof own === 'function' ? (own as () => number) : Date.now
  Reflect.set(Date, 'ownNow', now)
  Date.now = () => now() + ahead
}
