import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from './browser.ts'
import { demoFile } from './demo-files.ts'
import { makeDemo } from './demo.ts'
import { inRoot } from './folders.ts'
import { startWorld } from './local-world.ts'

// Makes the README's pictures from the real pages of a world of their own: same demo, same screens,
// same zone, so that a new picture differs only where the app does (and by the day's date).
const PHONE = { width: 390, height: 844 }
const LAPTOP = { width: 1280, height: 1080 }
const MESS_HALL = { longitude: 75.9236, latitude: 26.9359, accuracy: 8 }
const SERVED = [2, 3, 4] // attendees who eat before the auditor looks

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-screenshots-'))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
try {
  await main()
} finally {
  fs.rmSync(folder, { recursive: true, force: true })
}

async function main(): Promise<void> {
  const ports = { chain: 28545, oracle: 28787, relayer: 28790, indexer: 22069, web: 23000 }
  const world = await startWorld({ folder, say: console.log, firstPorts: ports })
  const browser = await openBrowser()
  try {
    const now = Math.floor(Date.now() / 1000)
    const { rpcUrl } = world.chain
    const { book } = await makeDemo({ rpcUrl, oracleUrl: world.oracle.url, now, say: console.log })
    const at = (door: string) => `${world.web.url}/${door}/${book}`
    for (const attendee of SERVED) await eat({ browser, url: at('redeem'), attendee })
    await shootRedeem({ browser, url: at('redeem') })
    await shootOrganise({ browser, url: at('organise') })
    await shootAudit({ browser, url: at('audit') })
  } finally {
    await browser.close()
    await world.end()
  }
}

type Where = { browser: Browser; url: string }

async function shootRedeem({ browser, url }: Where): Promise<void> {
  const page = await openAs({ browser, url, screen: PHONE, account: 'Attendee 001' })
  await page.getByRole('button', { name: 'Check where I am' }).click()
  await page.getByRole('button', { name: 'Sign in once' }).click()
  await page
    .getByRole('region', { name: /^Usable here, now/ })
    .getByText('Lunch')
    .waitFor()
  await shoot({ page, name: 'redeem' })
}

async function shootOrganise({ browser, url }: Where): Promise<void> {
  const page = await openAs({ browser, url, screen: LAPTOP, account: 'Organiser' })
  await page
    .getByRole('article')
    .filter({ hasText: /redeemed\s*3/ })
    .waitFor()
  await page.getByLabel('List of people (CSV or Excel)').setInputFiles(demoFile('attendees.csv'))
  await page.getByText('200 people have no wallet in the list').waitFor()
  await shoot({ page, name: 'organise' })
}

async function shootAudit({ browser, url }: Where): Promise<void> {
  const page = await openAs({ browser, url, screen: LAPTOP })
  await page.getByText('The chain says the same').nth(3).waitFor()
  await shoot({ page, name: 'audit' })
}

/** A sample attendee uses the lunch coupon, on the page itself. */
async function eat({ browser, url, attendee }: Where & { attendee: number }): Promise<void> {
  const account = `Attendee ${String(attendee).padStart(3, '0')}`
  const page = await openAs({ browser, url, screen: PHONE, account })
  await page.getByRole('button', { name: 'Use this coupon: Lunch' }).click()
  await page.getByRole('button', { name: 'I am here – use it' }).click()
  await page.getByRole('status').filter({ hasText: 'Coupon used' }).waitFor()
  await page.context().close()
}

/** Opens a page on a device of its own, as one of the local chain's demo accounts. */
async function openAs({
  browser,
  url,
  screen,
  account,
}: Where & { screen: typeof PHONE; account?: string }): Promise<Page> {
  const context = await browser.newContext({
    viewport: screen,
    deviceScaleFactor: 1.5,
    locale: 'en-GB',
    timezoneId: 'Asia/Kolkata',
    geolocation: MESS_HALL,
    permissions: ['geolocation'],
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(url)
  if (account === undefined) return page
  await page.getByLabel('Demo accounts – local chain only').selectOption({ label: account })
  await page.getByRole('button', { name: /^Wallet 0x/ }).waitFor()
  return page
}

async function shoot({ page, name }: { page: Page; name: string }): Promise<void> {
  const file = inRoot('docs', 'images', `${name}.png`)
  await page.screenshot({ path: file, animations: 'disabled' })
  console.log(`docs/images/${name}.png`)
  await page.context().close()
}
