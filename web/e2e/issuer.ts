import { expect } from 'chai'
import type { Locator, Page } from 'playwright-core'
import { demoFile } from '../../scripts/demo-files.ts'

/** The part of a book's page where coupons are issued. */
export function issuePanel(page: Page): Locator {
  return page.locator('#issue')
}

/** Chooses a list of demo/ as a file. */
export async function chooseList({
  page,
  list,
}: {
  page: Page
  list: 'attendees.csv' | 'attendees-messy.csv'
}): Promise<void> {
  await issuePanel(page).getByLabel('List of people (CSV or Excel)').setInputFiles(demoFile(list))
  await issuePanel(page)
    .getByText(/\d people, columns/)
    .waitFor() // read, by a worker
}

/** Chooses a list that a test has made up, as a file of this name. */
export async function chooseMadeList({
  page,
  name,
  content,
}: {
  page: Page
  name: string
  content: Uint8Array | string
}): Promise<void> {
  await issuePanel(page)
    .getByLabel('List of people (CSV or Excel)')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) })
}

/** Reads one of the totals above a list. */
export async function totalOf({ page, words }: { page: Page; words: string }): Promise<number> {
  const term = issuePanel(page).getByRole('term').filter({ hasText: words })
  return Number(await term.locator('xpath=following-sibling::dd').innerText())
}

/** Issues one coupon to each wallet of the chosen list in each of these campaigns; to rows without one by claim link, or not. */
export async function issueList({
  page,
  campaigns,
  waiting = 'Leave them out',
}: {
  page: Page
  campaigns: readonly string[]
  waiting?: 'Make claim links' | 'Leave them out'
}) {
  const panel = issuePanel(page)
  await panel.getByLabel(waiting).check()
  for (const campaign of campaigns) await panel.getByLabel(campaign, { exact: true }).check()
  await panel.getByRole('button', { name: /^Issue [\d,]+ coupons$/ }).click()
  await panel.getByText(/^[\d,]+ coupons are issued\.$/).waitFor()
}

/** The lines of the problems that a list has, as they are shown. */
export async function problemLines(page: Page): Promise<{ line: number; code: string }[]> {
  const rows = issuePanel(page).getByRole('table').getByRole('row')
  const cells = await rows.evaluateAll((all) =>
    all.map((row) => ({
      line: Number(row.querySelector('td')?.textContent),
      code: row.querySelector('code')?.textContent ?? '',
    })),
  )
  const problems = cells.filter(({ code }) => code !== '')
  expect(problems.every(({ line }) => line > 0)).to.be.true
  return problems
}
