import fs from 'node:fs'
import { expect } from 'chai'
import type { Locator, Page } from 'playwright-core'
import { isAddress, type Address } from 'viem'
import { demoFile } from '../../scripts/demo-files.ts'
import { dropPlaces } from './map.ts'
import { walletName } from './wallet.ts'

const KOLKATA_SECONDS = 5.5 * 3600 // the phones of the walk live there, all year at one offset

/** A page on which the injected wallet has been connected, by a tap on its name. */
export async function connect(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: walletName }).click()
  await page.getByRole('button', { name: /^Wallet 0x/ }).waitFor()
}

/** Makes a book on the page of all books; answers its address. */
export async function makeBook({ page, name }: { page: Page; name: string }): Promise<Address> {
  // The page asks the oracle who it is, and fills that in when it has heard.
  await page.locator('input[value^="0x"]').waitFor()
  await page.getByLabel('Name of the gathering').fill(name)
  await page.getByRole('button', { name: 'Make the book' }).click()
  await page.waitForURL(/\/organise\/0x[0-9a-fA-F]{40}$/)
  const book = page.url().split('/').at(-1) ?? ''
  if (!isAddress(book)) throw new Error(`No book in ${page.url()}.`)
  return book
}

/** Makes a campaign at the places of demo/venue.geojson; times in unix seconds. */
export async function makeCampaign({
  page,
  name,
  opensAt,
  closesAt,
  supply = 300,
}: {
  page: Page
  name: string
  opensAt: number
  closesAt: number
  supply?: number
}): Promise<void> {
  const form = page.locator('#new-campaign')
  await form.getByLabel('Name', { exact: true }).fill(name)
  await form.getByLabel('Opens').fill(localTime(opensAt))
  await form.getByLabel('Closes').fill(localTime(closesAt))
  await form.getByLabel('Supply').fill(String(supply))
  if ((await form.getByLabel('Name of site 1').count()) === 0) await dropVenue(page)
  expect(await form.getByLabel('Name of site 1').inputValue()).to.equal('Mess hall')
  expect(await form.getByLabel('Name of site 3').inputValue()).to.equal('Lecture block')
  await form.getByRole('button', { name: 'Make the campaign' }).click()
  await page.getByRole('region', { name: 'Campaigns' }).getByRole('heading', { name }).waitFor()
}

/** Pauses a campaign, resumes it or releases what is unused in it, on its card, through the question; waits for the chain. */
export async function careFor({
  page,
  campaign,
  deed,
  done,
}: {
  page: Page
  campaign: string
  deed: 'Pause' | 'Resume' | 'Release unused'
  done: string
}): Promise<void> {
  const card = cardOf({ page, campaign })
  await card.getByRole('button', { name: `${deed}: ${campaign}` }).click()
  const question = page.getByRole('dialog').filter({ hasText: campaign })
  await question.waitFor() // what is to be signed may have to be read first
  expect(await question.getByRole('paragraph').count(), 'said in words').to.be.greaterThan(1)
  await question.getByRole('button', { name: deed, exact: true }).click()
  await card.getByRole('status').filter({ hasText: done }).waitFor()
}

/** A campaign's card on the organiser's page. */
export function cardOf({ page, campaign }: { page: Page; campaign: string }): Locator {
  return page
    .getByRole('article')
    .filter({ has: page.getByRole('heading', { name: campaign, exact: true }) })
}

/** Drops demo/venue.geojson where files may be dropped, as from a folder. */
export async function dropVenue(page: Page): Promise<void> {
  const content = fs.readFileSync(demoFile('venue.geojson'), 'utf8')
  await dropPlaces({ page, name: 'venue.geojson', content })
  await page.getByLabel('Name of site 3').waitFor()
}

/** A moment as a clock in the phone's zone shows it, as date fields take it. */
function localTime(seconds: number): string {
  return new Date((seconds + KOLKATA_SECONDS) * 1000).toISOString().slice(0, 16)
}
