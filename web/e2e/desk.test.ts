import fs from 'node:fs'
import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { idOf } from '@coupon-secure/protocol/coupon'
import { expect } from 'chai'
import type { Browser, Locator, Page } from 'playwright-core'
import {
  type Address,
  createPublicClient,
  getAddress,
  type Hex,
  http,
  keccak256,
  toHex,
} from 'viem'
import { fundHolders } from '../../scripts/demo.ts'
import { demoHolders, demoKey } from '../../scripts/demo-files.ts'
import { localAccount } from '../../scripts/local-chain.ts'
import { readCsv } from '../features/issue/csv.ts'
import { textsInPdf } from '../ui/pdf-text.fixture.ts'
import { expectAccessible } from './axe.ts'
import { seeCode } from './holder.ts'
import { openLaptop } from './laptop.ts'
import { connect, makeBook } from './organiser.ts'
import { movePageClock } from './page-clock.ts'
import { openPage } from './phone.ts'
import { eatPlainly, makePlainMeal, type PlainMeal, sendUnsigned, waitUntil } from './plain-meal.ts'
import { setStage } from './stage.ts'
import { injectWallet, type Wallet } from './wallet.ts'
import type { WalkWorld } from './world.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const KOLKATA_SECONDS = 5.5 * HOUR
const ORGANISER = 1
const GUARDIAN = keccak256(toHex('GUARDIAN_ROLE'))

// One story of one meal, told in order, on a chain whose clock is moved on: what one test leaves behind, the next one finds.
describe('the organiser’s desk', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: true, isIndexed: true })
  let world: WalkWorld
  let browser: Browser
  let page: Page & { complaints: string[] }
  let wallet: Wallet
  let book: Address
  let meal: PlainMeal
  let later: PlainMeal
  const holders = demoHolders()
  let start = 0 // the minute in which the story begins, unix seconds
  const standby = [getAddress(localAccount(5).address)]

  before(async () => {
    ;({ browser, world } = stage)
    expect(await world.indexer.ready).to.equal(true)
    start = Math.floor(Date.now() / 1000 / MINUTE) * MINUTE
    const { rpcUrl } = world.chain
    await fundHolders({ rpcUrl, holders })
    const context = await openLaptop({ browser })
    const key = localAccount(ORGANISER).privateKey as Hex
    wallet = await injectWallet({ context, key, rpcUrl, chainId: LOCAL_CHAIN_ID })
    page = await openPage(context)
    await page.goto(`${world.web.url}/organise`)
    await connect(page)
  })

  const open = async (door: string) => {
    await page.goto(`${world.web.url}/organise/${book}${door}`)
  }
  const card = (title: string): Locator =>
    page.locator('section').filter({ has: page.getByRole('heading', { name: title, level: 2 }) })
  /** Moves the page's clock on, as far as the chain's. */
  const moveTo = (to: number) => movePageClock({ page, to })
  const read = () => createPublicClient({ transport: http(world.chain.rpcUrl) })
  const viewOf = (id: bigint) => ({ address: book, abi: couponBookAbi, args: [id] }) as const
  const countersOf = ({ campaignId }: PlainMeal) =>
    read().readContract({ ...viewOf(campaignId), functionName: 'countersOf' })
  const termsOf = ({ campaignId }: PlainMeal) =>
    read().readContract({ ...viewOf(campaignId), functionName: 'campaign' })
  const pausedAt = ({ campaignId }: PlainMeal) =>
    read().readContract({ ...viewOf(campaignId), functionName: 'pausedAt' })
  /** Answers the question before a signature, which says what is signed and what it costs. */
  const sign = async (yes: string) => {
    const dialog = page.getByRole('dialog').filter({ visible: true })
    const note = dialog.getByRole('region', { name: 'What you sign, and its cost' })
    await note.getByText(/It costs about/).waitFor()
    wallet.prompts.length = 0
    await dialog.getByRole('button', { name: yes, exact: true }).click()
    await wallet.hasAsked('send')
  }

  it('begins with a book and two meals', async () => {
    const { rpcUrl } = world.chain
    book = await makeBook({ page, name: 'Summer camp' })
    const of = { rpcUrl, book, manager: ORGANISER, holders, standby }
    meal = await makePlainMeal({
      ...{ ...of, name: 'Barbecue', opensAt: start - HOUR, closesAt: start + 2 * HOUR },
      ...{ heldUntil: start + HOUR, grace: 10 * MINUTE, supply: 101 },
    })
    later = await makePlainMeal({
      ...{ ...of, name: 'Breakfast', opensAt: start + 20 * HOUR, closesAt: start + 22 * HOUR },
      ...{ standby: [], supply: 100 },
    })
  })

  describe('the watch', () => {
    it('says what is there, and forecasts nothing of nothing', async () => {
      await open('/watch')
      const barbecue = card('Barbecue')
      await barbecue.getByText('Open now').waitFor()
      await seeCounts({ place: barbecue, counts: { issued: 101, redeemed: 0, unused: 101 } })
      await barbecue.getByText(/^Queue\. No forecast: fewer than 5 people came/).waitFor()
      await page.getByText('Nothing. All goes as planned.').waitFor()
      await expectAccessible(page)
    })

    it('moves while coupons are used, at each site, by the minute', async () => {
      for (let person = 1; person <= 12; person++) {
        const at = start + 5 * MINUTE + person * 30
        await eatPlainly({ meal, key: demoKey(person), site: person <= 8 ? 1 : 2, at })
      }
      const barbecue = card('Barbecue')
      await seeCounts({ place: barbecue, counts: { redeemed: 12, unused: 89 } })
      const sites = barbecue.getByRole('table', { name: 'Barbecue: redeemed at each site' })
      await sites.getByRole('row', { name: 'Site 1 8' }).waitFor()
      await sites.getByRole('row', { name: 'Site 2 4' }).waitFor()

      await moveTo(start + 12 * MINUTE + 20)
      const chart = barbecue.getByRole('img', { name: /^Redemptions per minute/ })
      await chart.waitFor()
      expect(await chart.getAttribute('aria-label')).to.contain('12 in this time')
      await barbecue.getByText('The table behind this chart').click()
      const rows = barbecue.getByRole('table', { name: /Redemptions per minute/ }).getByRole('row')
      const numbers = (await rows.allInnerTexts()).slice(1).map((row) => row.split('\t').slice(1))
      expect(numbers.map(([sum]) => sum)).to.deep.equal(['1', '2', '2', '2', '2', '2', '1'])
      const isWhole = numbers.every(([sum, one, two]) => Number(sum) === Number(one) + Number(two))
      expect(isWhole, 'the sites add up').to.equal(true)
      await barbecue.getByText(/89 coupons are left to come\. If all of them/).waitFor()
      await barbecue.getByText(/come as in the last 10 minutes \(1\.2 a minute\)/).waitFor()
    })

    it('tells what a batch skipped, with the contract’s reason', async () => {
      await sendUnsigned({ meal, holder: holders[60]!, sender: 8 })
      const skipped = page.getByRole('table', { name: 'What batches skipped, newest first' })
      const row = skipped.getByRole('row').filter({ hasText: 'NotIssued' })
      await row.getByText(/^This coupon was not issued to/).waitFor()
      expect((await row.getByRole('cell').allInnerTexts()).slice(1, 3)).to.deep.equal([
        ...['Barbecue', '60'],
      ])
    })

    it('tells an oracle whose clock the chain has left behind, with what to do', async () => {
      const alerts = page.getByRole('region', { name: 'What needs you' })
      await seeCode({ place: alerts, code: 'ORACLE_NOT_READY' })
      await alerts.getByText(/Set this machine’s clock/).waitFor()
      await page.getByText(/By its counters it has refused nobody/).waitFor()
      await expectAccessible(page)
    })

    it('tells an oracle that falls silent', async () => {
      await page.route(`${world.oracle.url}/**`, (route) => route.abort())
      const alerts = page.getByRole('region', { name: 'What needs you' })
      await seeCode({ place: alerts, code: 'ORACLE_SILENT' })
      await page.getByText('Its log does not answer.').waitFor()
      await page.unroute(`${world.oracle.url}/**`)
      await alerts.getByText('ORACLE_SILENT').waitFor({ state: 'detached' })
    })

    it('goes on where the index is away, and says so', async () => {
      await page.route(`${world.indexer.url}/**`, (route) => route.abort())
      await page.reload()
      const alerts = page.getByRole('region', { name: 'What needs you' })
      await seeCode({ place: alerts, code: 'INDEXER_AWAY' })
      const barbecue = card('Barbecue')
      await seeCounts({ place: barbecue, counts: { issued: 101, redeemed: 12, unused: 89 } })
      await barbecue.getByRole('row', { name: 'Site 1 8' }).waitFor()
      await barbecue.getByRole('img', { name: /12 in this time/ }).waitFor()
      await page.unroute(`${world.indexer.url}/**`)
      expect(page.complaints).to.deep.equal([])
    })
  })

  describe('people and devices', () => {
    const key = holders[29]!

    it('adds a counter, which has not been used', async () => {
      await open('/people')
      const panel = page.locator('#witnesses')
      await panel.getByRole('button', { name: 'Add a counter' }).click()
      await panel.getByLabel('Its address').fill(key)
      await panel.getByText(/vouches as counter in this book/).waitFor()
      await panel.getByText(/It costs about/).waitFor()
      await panel.getByRole('button', { name: 'Add the witness' }).click()
      await panel.getByRole('listitem').filter({ hasText: key }).getByText('Never used so far.').waitFor() // prettier-ignore
      await expectAccessible(page)
    })

    it('shows when it vouched last, and how often', async () => {
      // A sender that is a witness vouches by sending.
      await eatPlainly({ meal, key: demoKey(30), site: 1 })
      const entry = page.locator('#witnesses').getByRole('listitem').filter({ hasText: key })
      await entry.getByText(/^Last used .* vouched once\.$/).waitFor()
    })

    it('removes it at once', async () => {
      await page.getByRole('button', { name: `Remove Counter ${key}` }).click()
      await sign('Remove it')
      await page
        .getByRole('button', { name: `Remove Counter ${key}` })
        .waitFor({ state: 'detached' })
      const { classes } = await read().readContract({
        ...{ address: book, abi: couponBookAbi, functionName: 'witness', args: [key] },
      })
      expect(classes).to.equal(0)
    })

    it('gives a role, refuses what makes no sense, and takes the role again', async () => {
      const guardian = getAddress(localAccount(7).address)
      const roles = card('Who may do what')
      await roles.getByLabel('Role', { exact: true }).selectOption('guardian')
      await roles.getByLabel('Account').fill(guardian.replace(/.$/, 'x'))
      await roles.getByRole('button', { name: 'Give the role' }).click()
      await seeCode({ place: roles, code: 'ADDRESS_INVALID' })
      await roles.getByLabel('Account').fill(guardian)
      await roles.getByRole('button', { name: 'Give the role' }).click()
      await sign('Make a guardian')
      const take = roles.getByRole('button', { name: `Take the role: guardian ${guardian}` })
      await take.waitFor()
      const hasRole = () =>
        read().readContract({
          ...{ address: book, abi: couponBookAbi, functionName: 'hasRole' },
          args: [GUARDIAN, guardian],
        })
      expect(await hasRole()).to.equal(true)
      await take.click()
      await sign('Take the role')
      await take.waitFor({ state: 'detached' })
      expect(await hasRole()).to.equal(false)
    })

    it('hands the book over in two steps, and the offer can be taken back', async () => {
      const roles = card('Who may do what')
      await roles.getByLabel('Role', { exact: true }).selectOption('admin')
      await roles.getByLabel('Account').fill(localAccount(7).address)
      await roles.getByRole('button', { name: 'Offer the book' }).click()
      await sign('Offer the book')
      await roles.getByText('The book is being handed over.').waitFor()
      await roles.getByRole('button', { name: 'Take the offer back' }).click()
      await sign('Take the offer back')
      await roles.getByText('The book is being handed over.').waitFor({ state: 'detached' })
    })

    it('pauses a campaign, and lets it go on', async () => {
      const pause = card('Pause').getByRole('button', { name: 'Pause: Breakfast' })
      await pause.click()
      await sign('Pause')
      await card('Pause').getByText('Paused. Nobody can use').waitFor()
      expect(await pausedAt(later)).not.to.equal(0n)
      await card('Pause').getByRole('button', { name: 'Resume: Breakfast' }).click()
      await sign('Resume')
      await card('Pause').getByText('It goes on, with the time').waitFor()
      expect(await pausedAt(later)).to.equal(0n)
      await expectAccessible(page)
      expect(page.complaints).to.deep.equal([])
    })
  })

  describe('leftovers', () => {
    it('lets the time of release be chosen before the window opens, and not after', async () => {
      await open(`/leftovers?campaign=${meal.campaignId}`)
      await card('Release what is unused')
        .getByText(/can no longer be changed/)
        .waitFor()
      await page.getByLabel('Campaign', { exact: true }).selectOption(String(later.campaignId))
      const from = start + 21 * HOUR
      const form = card('Release what is unused')
      await form.getByLabel('Release from').fill(localTime(start + 23 * HOUR))
      await seeCode({ place: form, code: 'HELD_UNTIL_OUTSIDE' })
      await form.getByLabel('Release from').fill(localTime(from))
      await form.getByText(/It costs about/).waitFor()
      await form.getByRole('button', { name: 'Set the time of release' }).click()
      await form.getByText('The time of release is set.').waitFor()
      expect((await termsOf(later)).heldUntil).to.equal(BigInt(from))
    })

    it('takes coupons back by serial, by holder and by printed id, and says what does not count', async () => {
      await open(`/leftovers?campaign=${meal.campaignId}`)
      await card('What will be left')
        .getByText(/88 of 101|88 coupons of 101/)
        .waitFor()
      const panel = card('Take coupons back')
      const id = idOf({ chainId: LOCAL_CHAIN_ID, book, campaignId: meal.campaignId, serial: 42n })
      await panel.getByLabel('Coupons or holders').fill(`40\n${holders[41]}\n${id}\n0\n999`)
      await panel.getByText('3 unused coupons will be taken back.').waitFor()
      await seeCode({ place: panel, code: 'ALREADY_REDEEMED' })
      await seeCode({ place: panel, code: 'COUPON_UNKNOWN' })
      await panel.getByRole('button', { name: 'Take back', exact: true }).click()
      await seeCode({ place: panel, code: 'REASON_MISSING' })
      await panel.getByLabel('Reason').fill('left early')
      await expectAccessible(page)
      await panel.getByRole('button', { name: 'Take back', exact: true }).click()
      await page.getByText(/This cannot be undone/).waitFor()
      await sign('Take back')
      await panel.getByText('Taken back: 3 coupons.').waitFor()
      expect((await countersOf(meal)).revoked).to.equal(3n)
    })

    it('gives one to somebody else, and the chain names what it replaces', async () => {
      const panel = card('Take coupons back')
      await panel.getByLabel('Coupons or holders').fill('50')
      await panel.getByLabel('Reason').fill('gave it up')
      await panel.getByLabel('Give each of them to somebody else').check()
      await panel.getByRole('button', { name: 'Take back and give to others' }).click()
      await seeCode({ place: panel, code: 'HOLDERS_DIFFER' })
      await panel.getByLabel('New holders').fill(localAccount(6).address)
      await panel.getByRole('button', { name: 'Take back and give to others' }).click()
      await sign('Give to others')
      await panel.getByText('Given to others: 1 coupon.').waitFor()
      const given = await read().getContractEvents({
        ...{ address: book, abi: couponBookAbi, eventName: 'CouponReallotted', fromBlock: 0n },
        strict: true,
      })
      expect(given.map(({ args }) => [args.replaced, args.serial])).to.deep.equal([[50n, 256n]])
    })

    it('releases what is unused once it is time, on a button', async () => {
      await waitUntil({ rpcUrl: world.chain.rpcUrl, at: start + HOUR + 5 })
      await moveTo(start + HOUR + 10)
      const panel = card('Release what is unused')
      await panel.getByRole('button', { name: 'Release unused: Barbecue' }).click()
      await sign('Release unused')
      await panel.getByText(/^Released: [0-9]+ left for standby/).waitFor()
      const counters = await countersOf(meal)
      expect(counters.shardsCounted).to.equal(counters.shards)
    })

    it('closes when all is over, and its PDF and CSV say what the chain says', async () => {
      const panel = card('Closing statement')
      await panel.getByText(/anybody can close the campaign/).waitFor()
      await waitUntil({ rpcUrl: world.chain.rpcUrl, at: start + 2 * HOUR + 10 * MINUTE })
      await moveTo(start + 2 * HOUR + 10 * MINUTE + 5)
      await panel.getByRole('button', { name: 'Close Barbecue' }).click()
      await sign('Close it')
      await panel.getByRole('table', { name: 'Closing statement of Barbecue' }).waitFor()
      await expectAccessible(page)

      const of = { address: book, abi: couponBookAbi } as const
      const chain = await read().readContract({
        ...{ ...of, functionName: 'ledger', args: [meal.campaignId, []] },
      })
      expect(chain).to.deep.equal({ issued: 102n, redeemed: 13n, revoked: 4n, unused: 85n })
      const [closed] = await read().getContractEvents({
        ...{ ...of, eventName: 'CampaignClosed', fromBlock: 0n, strict: true },
      })
      const { args, transactionHash } = closed!
      const wanted = {
        ...{ Book: 'Summer camp', 'Address of the book': book, Campaign: 'Barbecue' },
        Issued: String(args.issued),
        Redeemed: String(args.redeemed),
        Revoked: String(args.revoked),
        Unused: String(args.unused),
        ...{ 'Redeemed at site 1': '9', 'Redeemed at site 2': '4' },
        'Closing transaction': transactionHash,
      }
      for (const part of ['issued', 'redeemed', 'revoked', 'unused'] as const) {
        expect(args[part], part).to.equal(chain[part])
      }

      const csv = await download({ panel, button: 'Save as CSV' })
      const text = new TextDecoder().decode(csv) // which takes the mark at its beginning away
      const rows = readCsv({ text, separator: ',' }).map(({ cells }) => cells)
      expect(Object.fromEntries(rows)).to.include(wanted)

      const texts = await textsInPdf(await download({ panel, button: 'Save as PDF' }))
      for (const [line, value] of Object.entries(wanted)) {
        const at = texts.indexOf(line)
        const shown = texts.slice(at + 1, at + 4).join('')
        expect(at >= 0 && shown.startsWith(value), `${line}: ${shown}`).to.equal(true)
      }
      expect(page.complaints).to.deep.equal([])
    })
  })

  describe('the first page', () => {
    it('has a list of what is missing, and a link to share, on the first page', async () => {
      await open('')
      const list = card('Before people come')
      await list.getByText(/^[0-9] of [0-9] done$/).waitFor()
      const share = card('Share it')
      await share.getByText('Show it as a QR code').click()
      await share.getByRole('img', { name: /^A QR code that leads/ }).waitFor()
      const link = share.getByRole('link')
      expect(await link.getAttribute('href')).to.equal(`${world.web.url}/redeem/${book}`)
      await expectAccessible(page)
    })
  })

  const download = async ({ panel, button }: { panel: Locator; button: string }) => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      panel.getByRole('button', { name: button }).click(),
    ])
    return fs.readFileSync(await file.path())
  }
})

/** Waits until a campaign's numbers are these. */
async function seeCounts({
  place,
  counts,
}: {
  place: Locator
  counts: Record<string, number>
}): Promise<void> {
  for (const [word, count] of Object.entries(counts)) {
    const pair = place
      .locator('dl > div')
      .filter({ has: place.page().getByText(word, { exact: true }) })
    await pair.getByText(String(count), { exact: true }).waitFor()
  }
}

/** A moment as a clock in the laptop's zone shows it, as date fields take it. */
function localTime(seconds: number): string {
  return new Date((seconds + KOLKATA_SECONDS) * 1000).toISOString().slice(0, 16)
}
