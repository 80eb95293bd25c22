import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { type Address, createPublicClient, http, type Hex } from 'viem'
import { askChain, localAccount } from '../../scripts/local-chain.ts'
import { seeCode } from './holder.ts'
import { chooseMadeList, issuePanel } from './issuer.ts'
import { cardOf, connect, makeBook, makeCampaign } from './organiser.ts'
import { openPage, openPhone } from './phone.ts'
import { setStage } from './stage.ts'
import { injectWallet, type Wallet } from './wallet.ts'
import type { WalkWorld } from './world.ts'

const PEOPLE = 5_000
const WITH_WALLET = 4_900 // the others get claim links
const HOUR = 3600

// One story, told in order: what one test leaves behind, the next one finds.
describe('an issue of 5,000 in two campaigns', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: true })
  let world: WalkWorld
  let browser: Browser
  let page: Page & { complaints: string[] }
  let wallet: Wallet
  let book: Address

  before(() => {
    ;({ browser, world } = stage)
  })

  const goOn = () =>
    issuePanel(page).getByRole('button', { name: 'Continue where it stopped' }).click()
  const seeIssued = (count: string) =>
    issuePanel(page).getByText(`${count} of 10,000 coupons issued`).waitFor()

  it('is read in a worker, and its totals stand there before anything is signed', async () => {
    const context = await openPhone({ browser })
    const { rpcUrl } = world.chain
    const key = localAccount(5).privateKey as Hex
    wallet = await injectWallet({ context, key, rpcUrl, chainId: LOCAL_CHAIN_ID })
    page = await openPage(context)
    await page.goto(`${world.web.url}/organise`)
    await connect(page)
    book = await makeBook({ page, name: 'Gathering of five thousand' })
    const now = Math.floor(Date.now() / 1000)
    for (const name of ['Lunch', 'Dinner']) {
      const times = { opensAt: now - HOUR, closesAt: now + 2 * HOUR }
      await makeCampaign({ page, name, ...times, supply: PEOPLE })
    }
    await page.reload()
    const rows = Array.from({ length: PEOPLE }, (_, index) =>
      [
        `Person ${index + 1}`,
        `p${index + 1}@example.org`,
        index < WITH_WALLET ? addressOf(index) : '',
      ].join(),
    )
    const content = `name,email,wallet\n${rows.join('\n')}\n`
    await chooseMadeList({ page, name: 'five-thousand.csv', content })
    await issuePanel(page).getByLabel('Make claim links').check()
    for (const name of ['Lunch', 'Dinner']) {
      await issuePanel(page).getByLabel(name, { exact: true }).check()
    }
    const totals = issuePanel(page).getByRole('table', { name: 'What you are about to sign' })
    const cells = await totals
      .getByRole('row')
      .filter({ hasText: 'Dinner' })
      .getByRole('cell')
      .allInnerTexts()
    expect(cells).to.deep.equal(['Dinner', '4,900', '100', '5,000'])
  })

  it('goes on after a reload with the wallet’s question open', async () => {
    wallet.prompts.length = 0
    wallet.answers = ['approve', 'wait']
    await issuePanel(page).getByRole('button', { name: 'Issue 10,000 coupons' }).click()
    await seeIssued('2,550')
    await wallet.hasAsked('send')
    while (wallet.prompts.length < 2) await page.waitForTimeout(50)
    await page.reload()
    await issuePanel(page).getByText('1 of 4 transactions are done.').waitFor()
    await seeIssued('2,550')
  })

  it('goes on after a rejected signature', async () => {
    wallet.answers = ['reject']
    await goOn()
    await seeCode({ place: issuePanel(page), code: 'SIGNATURE_REJECTED' })
    await seeIssued('2,550')
  })

  it('goes on after a reload with a transaction under way, and sends that one once', async () => {
    const { rpcUrl } = world.chain
    await askChain({ rpcUrl, method: 'evm_setAutomine', params: [false] })
    wallet.prompts.length = 0
    await goOn()
    await issuePanel(page).getByText('Sent; waiting for the chain.').waitFor()
    await page.reload()
    await issuePanel(page).getByText('Sent; waiting for the chain.').waitFor()
    await askChain({ rpcUrl, method: 'evm_setAutomine', params: [true] })
    await askChain({ rpcUrl, method: 'evm_mine' })
    await seeIssued('5,000')
    expect(wallet.prompts, 'nothing is signed before the person says so').to.deep.equal(['send'])
    await goOn()
    await issuePanel(page).getByText('10,000 coupons are issued.').waitFor()
    expect(wallet.prompts).to.deep.equal(['send', 'send', 'send'])
  })

  it('ends with exactly one coupon for each person in each campaign', async () => {
    for (const campaign of ['Lunch', 'Dinner']) {
      await cardOf({ page, campaign })
        .filter({ hasText: /issued\s*5,000/ })
        .waitFor()
    }
    const client = createPublicClient({ transport: http(world.chain.rpcUrl) })
    const logs = await client.getContractEvents({
      ...{ address: book, abi: couponBookAbi, eventName: 'Issued', fromBlock: 0n, strict: true },
    })
    for (const campaignId of [1n, 2n]) {
      const holders = logs
        .filter(({ args }) => args.campaignId === campaignId)
        .flatMap(({ args }) => args.holders)
      const known = holders.slice(0, WITH_WALLET).map((holder) => holder.toLowerCase())
      expect(holders).to.have.length(PEOPLE)
      expect(new Set(holders).size).to.equal(PEOPLE)
      expect(known).to.deep.equal(
        Array.from({ length: WITH_WALLET }, (_, index) => addressOf(index)),
      )
    }
    await page
      .locator('#claim-links')
      .getByText('100 people with coupons in Lunch, Dinner.')
      .waitFor()
    expect(page.complaints).to.deep.equal([])
  })
})

function addressOf(index: number): Address {
  return `0x${(index + 1).toString(16).padStart(40, '0')}`
}
