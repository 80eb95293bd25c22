import { expect } from 'chai'
import type { Locator, Page } from 'playwright-core'

/** The sheet in which the coupon of this campaign is used. */
export function sheetOf({ page, campaign }: { page: Page; campaign: string }): Locator {
  return page.getByRole('dialog', { name: campaign })
}

/** Opens the sheet of a coupon, and stops where it asks whether one is there. */
export async function chooseCoupon({ page, campaign }: { page: Page; campaign: string }) {
  await page.getByRole('button', { name: `Use this coupon: ${campaign}` }).click()
  const sheet = sheetOf({ page, campaign })
  await sheet.getByRole('button', { name: 'I am here – use it' }).waitFor()
  return sheet
}

/** Opens the sheet of a coupon and says that one is there. */
export async function useCoupon({ page, campaign }: { page: Page; campaign: string }) {
  const sheet = await chooseCoupon({ page, campaign })
  await sheet.getByRole('button', { name: 'I am here – use it' }).click()
  return sheet
}

/** Waits for a receipt of this kind in the sheet. */
export async function seeReceipt({
  sheet,
  title,
}: {
  sheet: Locator
  title: 'Coupon used' | 'Already used' | 'Sent – wait for green'
}): Promise<void> {
  await sheet.getByRole('status').filter({ hasText: title }).waitFor()
}

/** Waits for a failure in words, with this code beside them. */
export async function seeCode({ place, code }: { place: Locator; code: string }): Promise<void> {
  const shown = place.getByText(code, { exact: true }).first()
  await shown.waitFor()
  const words = (await place.innerText()).replaceAll(code, '').trim()
  expect(words, `${code} needs a sentence for people`).to.match(/[a-z].*[.!?]/)
}

/** Closes the sheet. */
export async function leave(sheet: Locator): Promise<void> {
  const away = sheet.getByRole('button', { name: /^(Done|Not now|Back to my coupons)$/ })
  await away.click()
  await sheet.waitFor({ state: 'hidden' })
}

/** Taps "Try again" wherever the page says that something is away, until it says so no more. */
export async function tryAgain(page: Page): Promise<void> {
  const button = page.getByRole('alert').getByRole('button', { name: 'Try again' }).first()
  while (await button.isVisible()) {
    // Answering one question may take another notice away under the finger.
    await button.click({ timeout: 1_000 }).catch(() => undefined)
    await page.waitForTimeout(250)
  }
}
