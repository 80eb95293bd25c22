import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { expect } from 'chai'
import { Contract } from 'ethers'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { makeDemo, type Demo } from '../../scripts/demo.ts'
import { localProvider, localSender } from '../../scripts/local-chain.ts'
import { seeCode } from './holder.ts'
import { openPage, openPhone } from './phone.ts'
import { setStage } from './stage.ts'
import type { WalkWorld } from './world.ts'

// One story, told in order.
describe('the audit and the index', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: true, isIndexed: true })
  let world: WalkWorld
  let browser: Browser
  let demo: Demo
  let context: BrowserContext
  let page: Page & { complaints: string[] }
  const asked: string[] = []

  before(async () => {
    ;({ browser, world } = stage)
    expect(await world.indexer.ready).to.equal(true)
    const now = Math.floor(Date.now() / 1000)
    demo = await makeDemo({ rpcUrl: world.chain.rpcUrl, oracleUrl: world.oracle.url, now })
    context = await openPhone({ browser })
    page = await openPage(context)
    page.on('request', (request) => asked.push(`${request.url()} ${request.postData() ?? ''}`))
  })

  const count = () => page.getByText(/^\d+ events, newest first/)
  const logsAsked = () =>
    asked.filter((one) => one.includes('eth_getLogs') && one.includes(demo.book))
  const rows = () => page.getByRole('table', { name: /^Events of this book/ }).getByRole('row')
  /** Every campaign's numbers are the contract's. */
  const seeThatItAddsUp = async () => {
    const verdict = page.getByText('The chain says the same')
    await verdict.nth(demo.campaigns.length - 1).waitFor()
  }

  it('has its history from the index, and asks the chain for none of its logs', async () => {
    const live = page.waitForRequest((request) => request.url().includes('/sql/live'))
    await page.goto(`${world.web.url}/audit/${demo.book}`)
    await live
    await count().waitFor()
    await seeThatItAddsUp()
    expect(asked.some((one) => one.includes(`${world.indexer.url}/graphql`))).to.equal(true)
    expect(logsAsked()).to.deep.equal([])
    expect(page.complaints).to.deep.equal([])
  })

  it('shows what happens next without being asked to', async () => {
    const provider = localProvider(world.chain.rpcUrl)
    const organiser = localSender({ number: 0, provider })
    const book = new Contract(demo.book, couponBookAbi, organiser)
    await book.getFunction('pause').send(demo.campaigns[1]!.campaignId)
    await rows().filter({ hasText: 'Paused: nothing can be used' }).waitFor()
    provider.destroy()
    expect(logsAsked()).to.deep.equal([])
  })

  it('is read from the chain by who wants no index between, and comes to the same', async () => {
    const told = await count().innerText()
    await page.getByRole('button', { name: 'Read the chain itself' }).click()
    await page.getByText('These events are read from the chain itself.').waitFor()
    expect(await count().innerText()).to.equal(told)
    await seeThatItAddsUp()
    expect(logsAsked()).not.to.deep.equal([])
    await page.getByRole('button', { name: 'Read the index' }).click()
    await page.getByText('These events come from an index').waitFor()
    asked.length = 0
  })

  it('reads the chain where the index is away, says so, and comes to the same', async () => {
    const told = await count().innerText()
    await world.indexer.end()
    await page.reload()
    await seeCode({ place: page.locator('main'), code: 'INDEXER_AWAY' })
    await count().waitFor()
    expect(await count().innerText()).to.equal(told)
    await seeThatItAddsUp()
    expect(logsAsked()).not.to.deep.equal([])
  })
})
