import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { expect } from 'chai'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { Address, Hex } from 'viem'
import { fundHolders } from '../../scripts/demo.ts'
import { demoHolders, demoKey } from '../../scripts/demo-files.ts'
import { localAccount } from '../../scripts/local-chain.ts'
import { chooseCoupon, leave, seeCode, seeReceipt, useCoupon } from './holder.ts'
import { chooseList, issueList, issuePanel, problemLines, totalOf } from './issuer.ts'
import { cardOf, careFor, connect, makeBook, makeCampaign } from './organiser.ts'
import { openPage, openPhone, STREET } from './phone.ts'
import { setStage } from './stage.ts'
import { injectWallet, type Wallet } from './wallet.ts'
import type { WalkWorld } from './world.ts'

const MEALS = ['Breakfast', 'Lunch', 'Dinner']
const HOUR = 3600

// One story, told in order: what one test leaves behind, the next one finds.
describe('the walk', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: true, isIndexed: true })
  let world: WalkWorld
  let browser: Browser
  let book: Address

  before(async () => {
    ;({ browser, world } = stage)
    await fundHolders({ rpcUrl: world.chain.rpcUrl, holders: demoHolders() })
  })

  const openWith = async (key: Hex) => {
    const context = await openPhone({ browser })
    const { rpcUrl } = world.chain
    const wallet = await injectWallet({ context, key, rpcUrl, chainId: LOCAL_CHAIN_ID })
    return { context, wallet, page: await openPage(context) }
  }

  describe('the organiser', () => {
    let page: Page & { complaints: string[] }
    let wallet: Wallet

    before(async () => {
      ;({ page, wallet } = await openWith(localAccount(1).privateKey as Hex))
      await page.goto(`${world.web.url}/organise`)
    })
    after(() => page.context().close())

    it('connects a wallet and makes a book with one prompt', async () => {
      await connect(page)
      book = await makeBook({ page, name: 'Winter hackathon' })
      expect(wallet.prompts).to.deep.equal(['connect', 'send'])
    })

    it('makes three campaigns at the places of a dropped map, one prompt each', async () => {
      wallet.prompts.length = 0
      const now = Math.floor(Date.now() / 1000)
      for (const name of MEALS) {
        await makeCampaign({ page, name, opensAt: now - HOUR, closesAt: now + 2 * HOUR })
      }
      expect(wallet.prompts).to.deep.equal(['send', 'send', 'send'])
    })

    it('issues nothing of a messy list before its problems are decided, each with its line', async () => {
      wallet.prompts.length = 0
      await page.reload() // a list is for campaigns that are there; a reload keeps the wallet
      await chooseList({ page, list: 'attendees-messy.csv' })
      const codes = (await problemLines(page)).map(({ code }) => code)
      expect(codes.length).to.be.greaterThan(8)
      await issuePanel(page).getByLabel('Lunch', { exact: true }).check()
      await issuePanel(page).getByRole('button', { name: 'Issue coupons' }).click()
      await issuePanel(page).getByRole('alert').first().waitFor()
      expect(wallet.prompts).to.deep.equal([])
      await issuePanel(page).getByRole('button', { name: 'Another list' }).click()
    })

    it('issues the list’s 100 wallets in each, and names the 200 rows that wait', async () => {
      await chooseList({ page, list: 'attendees.csv' })
      expect(await totalOf({ page, words: 'with a wallet' })).to.equal(100)
      expect(await totalOf({ page, words: 'without a wallet' })).to.equal(200)
      await issuePanel(page).getByText('200 people have no wallet in the list').click()
      await issuePanel(page).getByText('Attendee 300').waitFor()

      await issueList({ page, campaigns: MEALS })
      expect(wallet.prompts).to.deep.equal(['send', 'send', 'send'])
      for (const name of MEALS) {
        await cardOf({ page, campaign: name })
          .filter({ hasText: /issued\s*100/ })
          .waitFor()
      }
      expect(page.complaints).to.deep.equal([])
    })
  })

  describe('an attendee', () => {
    let context: BrowserContext
    let page: Page & { complaints: string[] }
    let wallet: Wallet

    before(async () => {
      ;({ context, page, wallet } = await openWith(demoKey(1)))
      await page.goto(`${world.web.url}/redeem/${book}`)
    })
    after(() => context.close())

    it('signs in once', async () => {
      await connect(page)
      await page.getByRole('button', { name: 'Check where I am' }).click()
      await page.getByRole('button', { name: 'Sign in once' }).click()
      await page.getByText('You are at Mess hall').first().waitFor()
      expect(wallet.prompts).to.deep.equal(['connect', 'sign'])
    })

    it('redeems inside the fence with exactly one wallet prompt', async () => {
      const second = await openPage(context) // the same pocket in another tab, not yet up to date
      await second.goto(`${world.web.url}/redeem/${book}`)
      const stale = await chooseCoupon({ page: second, campaign: 'Lunch' })

      wallet.prompts.length = 0
      const sheet = await useCoupon({ page, campaign: 'Lunch' })
      await seeReceipt({ sheet, title: 'Coupon used' })
      expect(wallet.prompts).to.deep.equal(['send'])
      await sheet.getByText('Mess hall').waitFor()
      await leave(sheet)

      wallet.prompts.length = 0
      await stale.getByRole('button', { name: 'I am here – use it' }).click()
      await seeReceipt({ sheet: stale, title: 'Already used' })
      await seeCode({ place: stale, code: 'COUPON_REDEEMED' })
      expect(wallet.prompts, 'nobody signs for nothing').to.deep.equal([])
      await second.close()
    })

    it('finds the coupon used, with its receipt, and no way to use it again', async () => {
      await page.getByRole('button', { name: 'Show receipt: Lunch' }).waitFor()
      expect(await page.getByRole('button', { name: 'Use this coupon: Lunch' }).count()).to.equal(0)
      expect(await page.getByRole('button', { name: /^Use this coupon/ }).count()).to.equal(2)
    })

    it('is refused 200 m away, without a wallet prompt', async () => {
      wallet.prompts.length = 0
      await context.setGeolocation(STREET)
      const sheet = await useCoupon({ page, campaign: 'Dinner' })
      await seeCode({ place: sheet, code: 'OUTSIDE_GEOFENCE' })
      expect(wallet.prompts).to.deep.equal([])
      await leave(sheet)
      expect(page.complaints).to.deep.equal([])
    })
  })

  describe('an auditor', () => {
    it('sees the redemption first, the issues, and that the ledger adds up, without a wallet', async () => {
      const context = await openPhone({ browser })
      const page = await openPage(context)
      await page.goto(`${world.web.url}/audit/${book}`)
      const events = page.getByRole('table', { name: /^Events of this book/ }).getByRole('row')
      await events.filter({ hasText: 'Coupon used' }).waitFor()
      const first = await events.nth(1).innerText() // after the head
      expect(first).to.contain('Coupon used at site 1.').and.to.contain('Lunch')
      expect(await events.filter({ hasText: '100 coupons issued' }).count()).to.equal(3)
      expect(await events.filter({ hasText: 'Redeemed' }).count()).to.equal(1)

      const lunch = page.getByRole('row').filter({ hasText: 'The chain says the same' })
      await lunch.nth(2).waitFor()
      const counts = await lunch.filter({ hasText: 'Lunch' }).getByRole('cell').allInnerTexts()
      expect(counts.slice(0, 4)).to.deep.equal(['100', '1', '0', '99'])
      expect(page.complaints).to.deep.equal([])
      await context.close()
    })
  })

  describe('a pause', () => {
    type Open = Awaited<ReturnType<typeof openWith>>
    let organiser: Open
    let holder: Open

    before(async () => {
      organiser = await openWith(localAccount(1).privateKey as Hex)
      await organiser.page.goto(`${world.web.url}/organise`)
      await connect(organiser.page)
      await organiser.page.goto(`${world.web.url}/organise/${book}`)
      holder = await openWith(demoKey(2))
      await holder.page.goto(`${world.web.url}/redeem/${book}`)
      await connect(holder.page)
    })
    after(async () => {
      await organiser.context.close()
      await holder.context.close()
    })

    it('is asked about in words, and signed with one prompt', async () => {
      const { page, wallet } = organiser
      const sheet = await chooseCoupon({ page: holder.page, campaign: 'Dinner' }) // just before
      wallet.prompts.length = 0
      await careFor({ page, campaign: 'Dinner', deed: 'Pause', done: 'Paused.' })
      expect(wallet.prompts).to.deep.equal(['send'])
      await cardOf({ page, campaign: 'Dinner' }).getByText('Paused', { exact: true }).waitFor()

      await sheet.getByRole('button', { name: 'I am here – use it' }).click()
      await seeCode({ place: sheet, code: 'CAMPAIGN_PAUSED' })
      expect(holder.wallet.prompts).to.deep.equal(['connect', 'sign'])
      await leave(sheet)
    })

    it('is told to the holder, who cannot use the coupon meanwhile', async () => {
      const { page } = holder
      const paused = page.getByRole('region', { name: /^Paused/ })
      await paused.getByRole('heading', { name: 'Dinner' }).waitFor()
      await paused.getByText('Paused by the organiser. The time lost will be given back.').waitFor()
      expect(await page.getByRole('button', { name: 'Use this coupon: Dinner' }).count()).to.equal(
        0,
      )
      expect(await page.getByRole('button', { name: 'Use this coupon: Lunch' }).count()).to.equal(1)
    })

    it('ends when the organiser resumes, and the holder redeems', async () => {
      const { page } = organiser
      await careFor({ page, campaign: 'Dinner', deed: 'Resume', done: 'It goes on' })
      const sheet = await useCoupon({ page: holder.page, campaign: 'Dinner' })
      await seeReceipt({ sheet, title: 'Coupon used' })
      await cardOf({ page, campaign: 'Dinner' })
        .filter({ hasText: /redeemed\s*1/ })
        .waitFor()
      expect(organiser.page.complaints.concat(holder.page.complaints)).to.deep.equal([])
    })

    it('stands in the audit, and the ledger adds up', async () => {
      const { page } = holder
      await page.goto(`${world.web.url}/audit/${book}`)
      const events = page.getByRole('table', { name: /^Events of this book/ }).getByRole('row')
      for (const words of [
        'Coupon used at site 1.',
        'It goes on, with',
        'Paused: nothing can be used',
      ]) {
        await events.filter({ hasText: 'Dinner' }).filter({ hasText: words }).waitFor()
      }
      await page.getByText('The chain says the same').nth(2).waitFor()
      const used = events.filter({ hasText: 'Dinner' }).filter({ hasText: 'Coupon used' })
      await used.getByText('Who vouched?').click()
      const answer = await fetch(`${world.oracle.url}/v1/oracle`)
      const { address } = (await answer.json()) as { address: string }
      await used.getByText(address).waitFor({ state: 'attached' })
    })
  })
})
