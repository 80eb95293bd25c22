import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { encodeQR } from 'qr'
import type { Address, Hex } from 'viem'
import { fundHolders } from '../../scripts/demo.ts'
import { demoHolders, demoKey } from '../../scripts/demo-files.ts'
import { localAccount } from '../../scripts/local-chain.ts'
import { addCounter, codeOf, makeCounter, pretendCamera } from './counter.ts'
import { chooseCoupon, leave, seeCode, seeReceipt, useCoupon } from './holder.ts'
import { chooseList, issueList } from './issuer.ts'
import { connect, makeBook, makeCampaign } from './organiser.ts'
import { openPage, openPhone } from './phone.ts'
import { setStage } from './stage.ts'
import { injectWallet } from './wallet.ts'
import type { WalkWorld } from './world.ts'

const HOUR = 3600
const TWO_TURNS = 31_000

// One story, told in order: what one test leaves behind, the next one finds.
describe('the counter', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: true })
  let world: WalkWorld
  let browser: Browser
  let book: Address
  let organiser: Page
  let counter: Page & { complaints: string[] }
  let photograph: string

  before(async () => {
    ;({ browser, world } = stage)
    await fundHolders({ rpcUrl: world.chain.rpcUrl, holders: demoHolders() })
  })

  const openWith = async (key: Hex) => {
    const context = await openPhone({ browser })
    const { rpcUrl } = world.chain
    await injectWallet({ context, key, rpcUrl, chainId: LOCAL_CHAIN_ID })
    return openPage(context)
  }
  const openPocket = async (key: Hex) => {
    const page = await openWith(key)
    await page.goto(`${world.web.url}/redeem/${book}`)
    await connect(page)
    return page
  }

  it('is asked for by a campaign whose organiser ticks it', async () => {
    organiser = await openWith(localAccount(2).privateKey as Hex)
    await organiser.goto(`${world.web.url}/organise`)
    await connect(organiser)
    book = await makeBook({ page: organiser, name: 'Gathering with counters' })
    // This world’s oracle has no account at HyperTrack.
    expect(await organiser.getByLabel(/^A managed device/).isDisabled()).to.be.true
    await organiser.getByLabel('The code on the counter’s screen must be scanned too').check()
    const now = Math.floor(Date.now() / 1000)
    await makeCampaign({
      page: organiser,
      name: 'Lunch',
      opensAt: now - HOUR,
      closesAt: now + 2 * HOUR,
    })
    await organiser.reload()
    await chooseList({ page: organiser, list: 'attendees.csv' })
    await issueList({ page: organiser, campaigns: ['Lunch'] })
  })

  it('shows a code, and says that the book does not know it yet', async () => {
    const context = await openPhone({ browser })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    counter = await openPage(context)
    await counter.goto(`${world.web.url}/counter/${book}`)
    const key = await makeCounter(counter)
    await seeCode({ place: counter.getByRole('main'), code: 'COUNTER_UNKNOWN' })
    photograph = await codeOf(counter)

    const holder = await openPocket(demoKey(1))
    const sheet = await useCoupon({ page: holder, campaign: 'Lunch' })
    await seeCode({ place: sheet, code: 'BEACON_MISSING' })
    await paste({ sheet, text: await codeOf(counter) })
    await sheet.getByRole('button', { name: 'Try again' }).click()
    await seeCode({ place: sheet, code: 'BEACON_UNTRUSTED' })
    await holder.context().close()

    await addCounter({ page: organiser, key })
    await counter.reload()
    await counter.getByText(/^The book believes it until/).waitFor()
  })

  it('lets a holder through who pastes the code that is on the screen', async () => {
    const holder = await openPocket(demoKey(2))
    const sheet = await useCoupon({ page: holder, campaign: 'Lunch' })
    await seeCode({ place: sheet, code: 'BEACON_MISSING' })
    expect(await sheet.getByRole('button', { name: 'Try again' }).isDisabled()).to.be.true
    await paste({ sheet, text: await codeOf(counter) })
    await sheet.getByRole('button', { name: 'Try again' }).click()
    await seeReceipt({ sheet, title: 'Coupon used' })
    expect(holder.complaints).to.deep.equal([])
    await holder.context().close()
  })

  it('lets a holder through who scans it with the camera', async () => {
    const holder = await openPocket(demoKey(3))
    const sheet = await useCoupon({ page: holder, campaign: 'Lunch' })
    await seeCode({ place: sheet, code: 'BEACON_MISSING' })
    const rows = encodeQR(await codeOf(counter), 'raw', { ecc: 'medium', border: 4 })
    await pretendCamera({ page: holder, rows })
    await sheet.getByRole('button', { name: 'Scan the code' }).click()
    await sheet.getByText('The counter’s code is scanned').waitFor()
    await sheet.getByRole('button', { name: 'Try again' }).click()
    await seeReceipt({ sheet, title: 'Coupon used' })
    await leave(sheet)
    await holder.context().close()
  })

  it('goes on without a network, with another code each turn, and a photograph is soon worth nothing', async () => {
    await counter.context().setOffline(true)
    const before = await codeOf(counter)
    await counter.waitForTimeout(TWO_TURNS)
    expect(await codeOf(counter)).not.to.equal(before)
    await counter.context().setOffline(false)

    const holder = await openPocket(demoKey(4))
    const sheet = await useCoupon({ page: holder, campaign: 'Lunch' })
    await seeCode({ place: sheet, code: 'BEACON_MISSING' })
    await sheet.getByText('No camera? Paste the code as text').click()
    for (const [text, code] of [
      [photograph, 'BEACON_STALE'],
      ['https://example.org', 'BEACON_UNREADABLE'],
    ] as const) {
      await sheet.getByLabel('The counter’s code').fill(text)
      await sheet.getByRole('button', { name: 'Take this code' }).click()
      await seeCode({ place: sheet, code })
    }
    expect(await sheet.getByRole('button', { name: 'Try again' }).isDisabled()).to.be.true
    await holder.context().close()
  })

  it('is asked for beforehand where the phone knows the place', async () => {
    const holder = await openPocket(demoKey(5))
    await holder.getByRole('button', { name: 'Check where I am' }).click()
    await holder.getByRole('button', { name: 'Sign in once' }).click()
    await holder.getByText('You are at Mess hall').first().waitFor()
    const sheet = await chooseCoupon({ page: holder, campaign: 'Lunch' })
    const use = sheet.getByRole('button', { name: 'I am here – use it' })
    expect(await use.isDisabled()).to.be.true
    await paste({ sheet, text: await codeOf(counter) })
    await use.click()
    await seeReceipt({ sheet, title: 'Coupon used' })
    expect(counter.complaints).to.deep.equal([])
  })
})

async function paste({ sheet, text }: { sheet: ReturnType<Page['locator']>; text: string }) {
  await sheet.getByText('No camera? Paste the code as text').click()
  await sheet.getByLabel('The counter’s code').fill(text)
  await sheet.getByRole('button', { name: 'Take this code' }).click()
  await sheet.getByText('The counter’s code is scanned').waitFor()
}
