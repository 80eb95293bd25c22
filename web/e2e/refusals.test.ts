import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import type { Hex } from 'viem'
import { makeDemo, type Demo } from '../../scripts/demo.ts'
import { demoKey } from '../../scripts/demo-files.ts'
import { askChain, localAccount } from '../../scripts/local-chain.ts'
import { chooseCoupon, leave, seeCode, seeReceipt, sheetOf, tryAgain, useCoupon } from './holder.ts'
import { careFor, connect } from './organiser.ts'
import { openPage, openPhone } from './phone.ts'
import { makeShortCampaign } from './short-campaign.ts'
import { setStage } from './stage.ts'
import { injectWallet } from './wallet.ts'
import { mend, type WalkWorld } from './world.ts'

const LATE_HOLDER = 20
const ABSENT_HOLDER = 21
const STANDBY_HOLDER = 22

describe('what can go wrong for an attendee', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: false })
  let world: WalkWorld
  let browser: Browser
  let demo: Demo

  before(async () => {
    ;({ browser, world } = stage)
    const { rpcUrl } = world.chain
    demo = await makeDemo({ rpcUrl, oracleUrl: world.oracle.url, now: unixNow() })
  })
  afterEach(async () => {
    await mend(world)
    await askChain({ rpcUrl: world.chain.rpcUrl, method: 'evm_setAutomine', params: [true] })
  })

  /** A phone with the wallet of this key, connected on the demo book's page. */
  const openPocket = async (key: Hex) => {
    const context = await openPhone({ browser })
    const { rpcUrl } = world.chain
    const wallet = await injectWallet({ context, key, rpcUrl, chainId: LOCAL_CHAIN_ID })
    const page = await openPage(context)
    await page.goto(`${world.web.url}/redeem/${demo.book}`)
    await connect(page)
    return { context, page, wallet }
  }

  it('lets a declined signature be tried again, for the sign-in and for the redemption', async () => {
    const { page, wallet } = await openPocket(demoKey(2))
    wallet.answers = ['reject']
    const sheet = await useCoupon({ page, campaign: 'Lunch' })
    await seeCode({ place: sheet, code: 'SIGNATURE_REJECTED' })
    expect(wallet.prompts).to.deep.equal(['connect', 'sign'])

    wallet.answers = ['approve', 'reject'] // signs in, then thinks better of it
    await sheet.getByRole('button', { name: 'Try again' }).click()
    await sheet.getByRole('button', { name: 'Go on and confirm' }).waitFor()
    await seeCode({ place: sheet, code: 'SIGNATURE_REJECTED' })

    wallet.prompts.length = 0
    await sheet.getByRole('button', { name: 'Go on and confirm' }).click()
    await seeReceipt({ sheet, title: 'Coupon used' })
    expect(wallet.prompts, 'the oracle’s word is still good').to.deep.equal(['send'])
  })

  it('says that the oracle is away, and goes on when it is back', async () => {
    const { page } = await openPocket(demoKey(3))
    await page.getByRole('button', { name: 'Use this coupon: Lunch' }).waitFor()
    await world.oracle.child.end()
    const sheet = await useCoupon({ page, campaign: 'Lunch' })
    await seeCode({ place: sheet, code: 'ORACLE_AWAY' })

    await mend(world)
    await sheet.getByRole('button', { name: 'Try again' }).click()
    await seeReceipt({ sheet, title: 'Coupon used' })
  })

  it('says that the chain is away, and goes on when it is back', async () => {
    const { page } = await openPocket(demoKey(4))
    const sheet = await chooseCoupon({ page, campaign: 'Lunch' })
    await world.chain.child.end()
    await sheet.getByRole('button', { name: 'I am here – use it' }).click()
    await seeCode({ place: sheet, code: 'CHAIN_UNAVAILABLE' })
    await leave(sheet)
    await page.reload()
    await seeCode({ place: page.getByRole('alert').first(), code: 'CHAIN_AWAY' })

    await mend(world)
    await tryAgain(page)
    await seeReceipt({ sheet: await useCoupon({ page, campaign: 'Lunch' }), title: 'Coupon used' })
  })

  it('says what to do when the position may not be taken', async () => {
    const { context, page, wallet } = await openPocket(demoKey(5))
    await context.clearPermissions()
    const sheet = await useCoupon({ page, campaign: 'Lunch' })
    await seeCode({ place: sheet, code: 'POSITION_DENIED' })
    expect(wallet.prompts).to.deep.equal(['connect'])

    await context.grantPermissions(['geolocation'])
    await sheet.getByRole('button', { name: 'Try again' }).click()
    await seeReceipt({ sheet, title: 'Coupon used' })
  })

  it('offers nothing too early, and says when', async () => {
    const { page } = await openPocket(demoKey(6))
    const later = page.getByRole('region', { name: /^Later/ })
    await later.getByRole('heading', { name: 'Dinner' }).waitFor()
    await later.getByText(/^Opens .* in \d+ h/).waitFor()
    expect(await later.getByRole('button', { name: /^Use/ }).count()).to.equal(0)
  })

  it('refuses an attendee who comes too late, and says so on the ticket', async () => {
    const { rpcUrl } = world.chain
    const holder = demo.holders[LATE_HOLDER - 1]!
    const closesAt = unixNow() + 12
    await makeShortCampaign({ rpcUrl, book: demo.book, name: 'Tea', closesAt, holder })
    const { page, wallet } = await openPocket(demoKey(LATE_HOLDER))
    const sheet = await chooseCoupon({ page, campaign: 'Tea' })
    await page.waitForTimeout(Math.max(0, closesAt * 1000 + 500 - Date.now()))
    await sheet.getByRole('button', { name: 'I am here – use it' }).click()
    await seeCode({ place: sheet, code: 'WINDOW_CLOSED' })
    expect(wallet.prompts).not.to.include('send')
    await leave(sheet)
    const over = page.getByRole('region', { name: /^Expired/ })
    await over.getByRole('heading', { name: 'Tea' }).waitFor()
  })

  it('keeps standby waiting until the time is over and somebody releases what is unused', async () => {
    const { rpcUrl } = world.chain
    const [holder, standby] = [demo.holders[ABSENT_HOLDER - 1]!, demo.holders[STANDBY_HOLDER - 1]!]
    const heldUntil = unixNow() + 15
    const times = { heldUntil, closesAt: heldUntil + 3600 }
    await makeShortCampaign({ rpcUrl, book: demo.book, name: 'Cake', ...times, holder, standby })
    const { page } = await openPocket(demoKey(STANDBY_HOLDER))
    const cakeIn = (standing: RegExp) =>
      page.getByRole('region', { name: standing }).getByRole('heading', { name: 'Cake' }).waitFor()
    await cakeIn(/^Standby/)
    await page.getByText(/^Standby: yours from .+ if something is left\.$/).waitFor()
    await cakeIn(/^Nothing left/) // the time is over, and the one coupon is still held

    const organiser = await openPhone({ browser })
    const key = localAccount(0).privateKey as Hex
    await injectWallet({ context: organiser, key, rpcUrl, chainId: LOCAL_CHAIN_ID })
    const desk = await openPage(organiser)
    await desk.goto(`${world.web.url}/organise`)
    await connect(desk)
    await desk.goto(`${world.web.url}/organise/${demo.book}`)
    const done = 'Released: 1 unused coupon,'
    await careFor({ page: desk, campaign: 'Cake', deed: 'Release unused', done })

    await seeReceipt({ sheet: await useCoupon({ page, campaign: 'Cake' }), title: 'Coupon used' })
    const late = await openPocket(demoKey(ABSENT_HOLDER))
    const gone = late.page.getByRole('region', { name: /^Nothing left/ })
    await gone.getByText('It was held for you until').waitFor()
  })

  it('shows nothing to an account that holds nothing', async () => {
    const { page, wallet } = await openPocket(localAccount(5).privateKey as Hex)
    await page.getByText('No coupons for this account').waitFor()
    expect(await page.getByRole('button', { name: /^Use this coupon/ }).count()).to.equal(0)

    // The right account comes, and with it its own coupons; it goes, and they go with it.
    await wallet.become(demoKey(7))
    await page.getByText('Your wallet’s account has changed').waitFor()
    const sheet = await chooseCoupon({ page, campaign: 'Lunch' })
    await wallet.become(localAccount(5).privateKey as Hex)
    await sheet.waitFor({ state: 'hidden' })
    await page.getByText('No coupons for this account').waitFor()
  })

  it('asks a wallet on another network to come over', async () => {
    const { page, wallet } = await openPocket(demoKey(8))
    await page.getByRole('button', { name: 'Use this coupon: Lunch' }).waitFor()
    await wallet.moveTo(1)
    const sheet = await useCoupon({ page, campaign: 'Lunch' })
    await seeCode({ place: sheet, code: 'WRONG_NETWORK' })
    await sheet.getByRole('button', { name: 'Switch to Local chain' }).click()
    await seeReceipt({ sheet, title: 'Coupon used' })
    expect(wallet.prompts).to.deep.equal(['connect', 'switch', 'sign', 'send'])
  })

  it('loses nothing that was signed when the page is loaded again', async () => {
    const { page, wallet } = await openPocket(demoKey(9))
    const { rpcUrl } = world.chain
    await askChain({ rpcUrl, method: 'evm_setAutomine', params: [false] })
    const sheet = await useCoupon({ page, campaign: 'Lunch' })
    await seeReceipt({ sheet, title: 'Sent – wait for green' })
    const prompts = [...wallet.prompts]

    await page.reload()
    const again = sheetOf({ page, campaign: 'Lunch' })
    await seeReceipt({ sheet: again, title: 'Sent – wait for green' })
    await askChain({ rpcUrl, method: 'evm_setAutomine', params: [true] })
    await askChain({ rpcUrl, method: 'evm_mine' })
    await seeReceipt({ sheet: again, title: 'Coupon used' })
    expect(wallet.prompts).to.deep.equal(prompts)
  })

  it('keeps the oracle’s word when the page is loaded again before the wallet has signed', async () => {
    const { page, wallet } = await openPocket(demoKey(10))
    wallet.answers = ['approve', 'wait'] // signs in, then leaves the wallet's question open
    const sheet = await useCoupon({ page, campaign: 'Lunch' })
    await sheet.getByText('Your wallet is asking you').first().waitFor()
    // The page says so a moment before the wallet has heard: a reload in between would leave the `wait` to the next question.
    await wallet.hasAsked('send')
    await page.reload()
    const again = sheetOf({ page, campaign: 'Lunch' })
    await seeCode({ place: again, code: 'INTERRUPTED' })

    wallet.prompts.length = 0
    await again.getByRole('button', { name: 'Go on and confirm' }).click()
    await seeReceipt({ sheet: again, title: 'Coupon used' })
    expect(wallet.prompts).to.deep.equal(['send'])
  })
})

function unixNow(): number {
  return Math.floor(Date.now() / 1000)
}
