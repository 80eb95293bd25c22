import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { expect } from 'chai'
import { Contract } from 'ethers'
import type { Browser, Locator, Page } from 'playwright-core'
import type { Address, Hex } from 'viem'
import { localAccount, localProvider, localSender } from '../../scripts/local-chain.ts'
import { expectAccessible } from './axe.ts'
import { openLaptop } from './laptop.ts'
import { cardOf, connect, dropVenue, makeBook } from './organiser.ts'
import { openPage } from './phone.ts'
import { setStage } from './stage.ts'
import { injectWallet, type Wallet } from './wallet.ts'
import type { WalkWorld } from './world.ts'

const ORGANISER = 7
const HOUR = 3600

// One story, told in order: what one test leaves behind, the next one finds.
describe('campaigns of several days', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: true })
  let world: WalkWorld
  let browser: Browser
  let page: Page & { complaints: string[] }
  let wallet: Wallet
  let book: Address
  let form: Locator

  before(async () => {
    ;({ browser, world } = stage)
    const context = await openLaptop({ browser })
    const { rpcUrl } = world.chain
    const key = localAccount(ORGANISER).privateKey as Hex
    wallet = await injectWallet({ context, key, rpcUrl, chainId: LOCAL_CHAIN_ID })
    page = await openPage(context)
    await page.goto(`${world.web.url}/organise`)
    await connect(page)
    book = await makeBook({ page, name: 'Three days of meals' })
    form = page.locator('#new-campaign')
  })

  const window = async ({ opens, closes }: { opens: string; closes: string }) => {
    await form.getByLabel('Opens').fill(opens)
    await form.getByLabel('Closes').fill(closes)
  }
  const inBook = async <Answer>(use: (contract: Contract) => Promise<Answer>) => {
    const provider = localProvider(world.chain.rpcUrl)
    try {
      return await use(
        new Contract(book, couponBookAbi, localSender({ number: ORGANISER, provider })),
      )
    } finally {
      provider.destroy()
    }
  }

  it('begin with a template, and have their place', async () => {
    await form.getByRole('button', { name: 'Parcel' }).click()
    expect(await form.getByLabel('Name', { exact: true }).inputValue()).to.equal('Food parcel')
    expect(await form.getByLabel('The code on the counter’s screen').isChecked()).to.equal(true)
    await form.getByRole('button', { name: 'Meal' }).click()
    expect(await form.getByLabel('Name', { exact: true }).inputValue()).to.equal('Lunch')
    expect(await form.getByLabel('The code on the counter’s screen').isChecked()).to.equal(false)
    await form.getByLabel('Hold coupons until').fill('')
    await dropVenue(page)
  })

  it('refuse a time that does not exist, and name the gap', async () => {
    await form.getByLabel('Time zone').selectOption('Europe/Berlin')
    await window({ opens: '2027-03-28T02:30', closes: '2027-03-28T05:00' })
    await form
      .getByText('Clocks in Europe/Berlin leap from 02:00 to 03:00 on Sun, 28 March 2027')
      .waitFor()
    await form.getByText('TIME_IN_GAP').waitFor()
    wallet.prompts.length = 0
    await form.getByRole('button', { name: 'Make the campaign' }).click()
    await form.getByRole('alert').getByText('One thing is not right yet').waitFor()
    expect(wallet.prompts).to.deep.equal([])
  })

  it('ask which is meant where clocks show a time twice', async () => {
    await window({ opens: '2027-10-31T02:30', closes: '2027-10-31T05:00' })
    await form.getByText('TIME_TWICE').waitFor()
    await form.getByLabel('The second, GMT+1').check()
    await form.getByText('TIME_TWICE').waitFor({ state: 'detached' })
    await form.getByRole('cell', { name: /01:30\s*–\s*04:00/ }).waitFor() // by UTC
  })

  it('refuse an end before the start, beside the field', async () => {
    await window({ opens: '2027-03-27T12:00', closes: '2027-03-27T11:00' })
    await form.getByText('The window must end after it begins.').waitFor()
    await form.getByText('ENDS_BEFORE_START').waitFor()
  })

  it('say who must vouch, what that proves and what a thief would need', async () => {
    await form.getByLabel('The staff’s device alone').check()
    await form.getByText('cannot finish such a coupon by itself').waitFor()
    expect(await form.getByText(/^Proves: /).count()).to.equal(4)
    await form.getByLabel('The location oracle', { exact: true }).check()
    await form.getByLabel('Name of site 3').waitFor() // the sites were not lost
  })

  it('are made for three days in one signature, listed and priced before it', async () => {
    await window({ opens: '2027-03-27T12:00', closes: '2027-03-27T14:00' })
    await form.getByRole('button', { name: 'Add the next day' }).click()
    await form.getByLabel('Another day').fill('2027-03-29')
    await form.getByRole('button', { name: 'Add this day' }).click()
    const plan = form.getByRole('table', { name: 'What will be made' })
    const rows = await plan.getByRole('row').allInnerTexts()
    expect(rows.slice(1).map((row) => row.split('\t')[0])).to.deep.equal([
      'Lunch, Sat 27 Mar',
      'Lunch, Sun 28 Mar',
      'Lunch, Mon 29 Mar',
    ])
    expect(rows[1]).to.match(/12:00.*14:00.*11:00.*13:00/)
    expect(rows[2]).to.match(/12:00.*14:00.*10:00.*12:00/) // clocks were put forward in between
    const cost = form.getByRole('region', { name: 'What you sign, and its cost' })
    await cost.getByText('3 new campaigns of at most 100 coupons each').waitFor()
    await cost.getByText(/0\.\d+ ETH/).waitFor()

    wallet.prompts.length = 0
    await form.getByRole('button', { name: 'Make 3 campaigns' }).click()
    await cardOf({ page, campaign: 'Lunch, Mon 29 Mar' }).waitFor()
    expect(wallet.prompts).to.deep.equal(['send'])
    const opens = await inBook(async (contract) => {
      expect(await contract.getFunction('campaignCount').staticCall()).to.equal(3n)
      const all = [1, 2, 3].map((id) => contract.getFunction('campaign').staticCall(id))
      return (await Promise.all(all)).map(({ opensAt }) => Number(opensAt))
    })
    expect(
      opens.map((seconds) => new Date(seconds * 1000).toISOString().slice(0, 16)),
    ).to.deep.equal(['2027-03-27T11:00', '2027-03-28T10:00', '2027-03-29T10:00'])
  })

  it('change before they open, but not below what is issued', async () => {
    const campaign = 'Lunch, Sat 27 Mar'
    await inBook(async (contract) => {
      const holders = [1, 2, 3].map((number) => localAccount(number).address)
      await (await contract.getFunction('issue').send(1, holders)).wait()
    })
    const card = cardOf({ page, campaign })
    await card.filter({ hasText: /issued\s*3/ }).waitFor()
    await card.getByRole('button', { name: `Change the terms: ${campaign}` }).click()
    const dialog = page.getByRole('dialog').filter({ hasText: campaign })
    await dialog.getByLabel('Supply').fill('2')
    await dialog.getByText('3 coupons are out: the supply cannot be less.').waitFor()
    await dialog.getByText('SUPPLY_BELOW_ISSUED').waitFor()
    await dialog.getByLabel('Supply').fill('3')
    await dialog.getByText(/0\.\d+ ETH/).waitFor()
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Change the terms' }).click()
    await card.getByText('The new terms stand.').waitFor()
    await card.getByText('Supply 3 ·').waitFor()
  })

  it('are extended while they run', async () => {
    const campaign = 'Tea'
    await inBook(async (contract) => {
      const now = Math.floor(Date.now() / 1000)
      const { geofenceHash, sites } = await contract.getFunction('campaign').staticCall(1)
      const terms = {
        opensAt: now - HOUR,
        closesAt: now + HOUR,
        heldUntil: 0,
        grace: HOUR,
        supply: 5,
        sites,
        requiredWitnesses: 1,
        geofenceHash,
      }
      await (await contract.getFunction('createCampaign').send(campaign, terms, '')).wait()
    })
    const card = cardOf({ page, campaign })
    await card.getByRole('button', { name: `Extend: ${campaign}` }).click()
    const dialog = page.getByRole('dialog').filter({ hasText: campaign })
    await dialog.getByText('Nothing would change yet.').waitFor()
    const closes = dialog.getByLabel('Closes')
    const before = await closes.inputValue()
    await closes.fill(before.replace(/^\d{4}/, (year) => String(Number(year) - 1)))
    await dialog.getByText(/ENDS_BEFORE_START|END_MAY_ONLY_GROW/).waitFor()
    await dialog.getByLabel('Grace, hours').fill('3')
    await closes.fill(before)
    await dialog.getByRole('button', { name: 'Extend' }).click()
    await card.getByText('The new terms stand.').waitFor()
    await card.getByText('grace 3 h').waitFor()
  })

  it('are on a page in which axe finds nothing, light or dark', async () => {
    await expectAccessible(page)
    expect(page.complaints).to.deep.equal([])
  })
})
