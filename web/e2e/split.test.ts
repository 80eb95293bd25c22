import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { expect } from 'chai'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { makeDemo, type Demo } from '../../scripts/demo.ts'
import { demoKey } from '../../scripts/demo-files.ts'
import { expectAccessible } from './axe.ts'
import { seeCode, seeReceipt, sheetOf } from './holder.ts'
import { connect } from './organiser.ts'
import { MESS_HALL, openPage, openPhone, type Place, STREET } from './phone.ts'
import { setStage } from './stage.ts'
import { injectWallet } from './wallet.ts'
import type { WalkWorld } from './world.ts'

const OFFER = 'Take the position in your other browser'

type Watched = Page & { complaints: string[] }

describe('a coupon used with two browsers', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: false })
  let world: WalkWorld
  let browser: Browser
  let demo: Demo
  let requests: string[]

  before(async () => {
    ;({ browser, world } = stage)
    const now = Math.floor(Date.now() / 1000)
    demo = await makeDemo({ rpcUrl: world.chain.rpcUrl, oracleUrl: world.oracle.url, now })
  })
  beforeEach(() => {
    requests = []
  })

  const listen = (context: BrowserContext) =>
    context.on('request', (request) => {
      requests.push(
        `${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`,
      )
    })

  /** A wallet's own browser: a wallet, and no position. */
  const openWalletBrowser = async (number: number) => {
    const context = await openPhone({ browser })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await context.addInitScript(takeGeolocationAway)
    listen(context)
    const { rpcUrl } = world.chain
    const key = demoKey(number)
    const wallet = await injectWallet({ context, key, rpcUrl, chainId: LOCAL_CHAIN_ID })
    const page = await openPage(context)
    await page.goto(`${world.web.url}/redeem/${demo.book}`)
    await connect(page)
    return { context, page, wallet }
  }

  /** The phone's own browser: a position, and no wallet. */
  const openOtherBrowser = async (place: Place = MESS_HALL) => {
    const context = await openPhone({ browser, place })
    listen(context)
    return { context, other: await openPage(context) }
  }

  /** Opens the sheet and asks for a code; the link for the other browser. */
  const askForCode = async (page: Watched): Promise<{ sheet: Locator; link: string }> => {
    await page.getByRole('button', { name: 'Use this coupon: Lunch' }).click()
    const sheet = sheetOf({ page, campaign: 'Lunch' })
    await sheet.getByRole('button', { name: OFFER }).click()
    return { sheet, link: await linkIn({ page, sheet }) }
  }

  it('has its position from the one and its signature from the other', async () => {
    const { page, wallet } = await openWalletBrowser(40)
    await page.getByRole('button', { name: 'Use this coupon: Lunch' }).click()
    const sheet = sheetOf({ page, campaign: 'Lunch' })
    await sheet.getByText('This browser gives no position.').waitFor()
    expect(await sheet.getByRole('button', { name: 'I am here – use it' }).count()).to.equal(0)
    await sheet.getByRole('button', { name: OFFER }).click()
    const link = await linkIn({ page, sheet })
    expect(wallet.prompts, 'signed in before anybody goes anywhere').to.deep.equal([
      'connect',
      'sign',
    ])
    await sheet.getByText('Waiting for your other browser.').waitFor()
    await sheet.getByRole('img', { name: 'The link for your other browser' }).waitFor()
    await picture({ page, name: 'split-code' })
    await expectAccessible(page)

    const { other } = await openOtherBrowser()
    await other.goto(link)
    await other.getByText('Your wallet’s page asks where you are, for Lunch.').waitFor()
    expect(other.url(), 'the code has left the address').to.equal(`${world.web.url}/there`)
    await picture({ page: other, name: 'split-there' })
    await expectAccessible(other)
    await sheet.getByText('Your other browser has opened it').waitFor()
    await other.getByRole('button', { name: 'Take my position' }).click()
    await other.getByText('Sent. Go back to your wallet now.').waitFor()
    await picture({ page: other, name: 'split-sent' })

    await seeReceipt({ sheet, title: 'Coupon used' })
    expect(wallet.prompts).to.deep.equal(['connect', 'sign', 'send'])
    await other.getByText('Your wallet’s page needs no more').waitFor()
    expect(page.complaints).to.deep.equal([])
    expect(other.complaints).to.deep.equal([])

    const code = link.split('#')[1]!
    expect(requests.length).to.be.greaterThan(20)
    for (const secret of [code, code.replaceAll('-', '')]) {
      expect(requests.filter((request) => request.includes(secret))).to.deep.equal([])
    }
    const tellsWhere = requests.filter((request) => request.includes('"latitude"'))
    expect(tellsWhere.length, 'the oracle alone is told where').to.be.greaterThan(0)
    for (const request of tellsWhere) expect(request).to.contain('/v1/presence ')
  })

  it('goes on where both pages are loaded again, and by a code that is typed', async () => {
    const { page, wallet } = await openWalletBrowser(41)
    const { sheet, link } = await askForCode(page)
    const { other } = await openOtherBrowser()
    await other.goto(`${world.web.url}/there`)
    const typed = link.split('#')[1]!.toLowerCase().replaceAll('-', ' ')
    await other.getByLabel('The code on your wallet’s page').fill(typed)
    await other.getByRole('button', { name: 'Go on' }).click()
    await other.getByText('Your wallet’s page asks where you are').waitFor()

    await page.reload()
    await sheet.getByText('Your other browser has opened it').waitFor()
    expect(await linkIn({ page, sheet })).to.equal(link)
    await other.reload()
    await other.getByRole('button', { name: 'Take my position' }).click()
    await seeReceipt({ sheet, title: 'Coupon used' })
    expect(wallet.prompts).to.deep.equal(['connect', 'sign', 'send'])
  })

  it('is told no in the wallet, and used with the next position', async () => {
    const { page } = await openWalletBrowser(42)
    const { sheet, link } = await askForCode(page)
    const { context, other } = await openOtherBrowser(STREET)
    await other.goto(link)
    await other.getByRole('button', { name: 'Take my position' }).click()
    await seeCode({ place: sheet, code: 'OUTSIDE_GEOFENCE' })
    await other.getByText('Your wallet’s page needs no more').waitFor()

    await sheet.getByRole('button', { name: 'Not now' }).click()
    await sheet.waitFor({ state: 'hidden' })
    const again = await askForCode(page)
    expect(again.link).not.to.equal(link)
    await context.setGeolocation(MESS_HALL)
    await other.goto(again.link)
    await other.getByRole('button', { name: 'Take my position' }).click()
    await seeReceipt({ sheet: again.sheet, title: 'Coupon used' })
  })

  it('is not for who comes second, nor for a code that is wrong, over or of nobody', async () => {
    const { page, wallet } = await openWalletBrowser(43)
    const { sheet, link } = await askForCode(page)
    const first = await openOtherBrowser()
    await first.other.goto(link)
    await first.other.getByRole('button', { name: 'Take my position' }).waitFor()

    const { other } = await openOtherBrowser()
    const say = async (code: string) => {
      await seeCode({ place: other.getByRole('main'), code })
      await other.getByRole('button', { name: 'Type another code' }).waitFor()
    }
    await other.goto(link)
    await say('PAIRING_TAKEN')
    const slip = link.endsWith('7') ? '8' : '7'
    await other.goto('about:blank')
    await other.goto(link.slice(0, -1) + slip)
    await say('PAIRING_CODE_WRONG')
    await other.goto('about:blank')
    await other.goto(`${world.web.url}/there#0000-0000-0000-0000`)
    await say('PAIRING_UNKNOWN')

    await Promise.all([
      page.waitForResponse(/\/v1\/pairings\/end$/),
      sheet.getByRole('button', { name: 'Cancel' }).click(),
    ])
    await sheet.waitFor({ state: 'hidden' })
    await first.other.getByRole('button', { name: 'Take my position' }).click()
    await seeCode({ place: first.other.getByRole('main'), code: 'PAIRING_OVER' })
    expect(wallet.prompts, 'nothing was signed').to.deep.equal(['connect', 'sign'])
    expect(other.complaints).to.deep.equal([])
  })

  it('is offered where the position is denied, too', async () => {
    const context = await openPhone({ browser })
    const { rpcUrl } = world.chain
    await injectWallet({ context, key: demoKey(44), rpcUrl, chainId: LOCAL_CHAIN_ID })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const page = await openPage(context)
    await page.goto(`${world.web.url}/redeem/${demo.book}`)
    await connect(page)
    await context.clearPermissions()
    await page.getByRole('button', { name: 'Use this coupon: Lunch' }).click()
    const sheet = sheetOf({ page, campaign: 'Lunch' })
    await sheet.getByRole('button', { name: 'I am here – use it' }).click()
    await seeCode({ place: sheet, code: 'POSITION_DENIED' })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await sheet.getByRole('button', { name: OFFER }).click()
    const link = await linkIn({ page, sheet })
    const { other } = await openOtherBrowser()
    await other.goto(link)
    await other.getByRole('button', { name: 'Take my position' }).click()
    await seeReceipt({ sheet, title: 'Coupon used' })
  })
})

/** Copies the link for the other browser. */
async function linkIn({ page, sheet }: { page: Page; sheet: Locator }): Promise<string> {
  await sheet.getByRole('button', { name: /^(Copy the link|Copied)$/ }).click()
  await sheet.getByRole('button', { name: 'Copied' }).waitFor()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link).to.match(/\/there#[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
  return link
}

/** Pictures for people to look at, by day and by night. */
async function picture({ page, name }: { page: Page; name: string }): Promise<void> {
  const folder = process.env.WALK_PICTURES
  if (folder === undefined) return
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.waitForTimeout(400)
    await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` })
  }
  await page.emulateMedia({ colorScheme: null })
}

/** Runs in the page before its own scripts: many wallets' browsers have none. */
function takeGeolocationAway(): void {
  Reflect.deleteProperty(Navigator.prototype, 'geolocation')
}
