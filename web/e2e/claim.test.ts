import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { PDFDocument } from '@cantoo/pdf-lib'
import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { readClaimLink, writeClaimLink } from '@coupon-secure/protocol/claim-link'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { encodeQR } from 'qr'
import type { Address, Hex } from 'viem'
import { demoKey } from '../../scripts/demo-files.ts'
import { localAccount } from '../../scripts/local-chain.ts'
import { codesOnPages } from '../features/issue/cards-pdf.fixture.ts'
import { readList } from '../features/issue/read-list.ts'
import { pretendCamera } from './counter.ts'
import { leave, seeCode, seeReceipt, useCoupon } from './holder.ts'
import { chooseList, issuePanel } from './issuer.ts'
import { cardOf, connect, makeBook, makeCampaign } from './organiser.ts'
import { MESS_HALL, openPage, openPhone } from './phone.ts'
import { setStage } from './stage.ts'
import { injectWallet, type Wallet } from './wallet.ts'
import type { WalkWorld } from './world.ts'

const HOUR = 3600

/** Waits until something is so, some seconds at most. */
async function expectSoon(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !isSo(); tries += 1) await sleep(50)
  expect(isSo()).to.equal(true)
}

// One story, told in order: what one test leaves behind, the next one finds.
describe('claim links', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: true })
  let world: WalkWorld
  let browser: Browser
  let book: Address
  let organiser: Page & { complaints: string[] }
  let wallet: Wallet
  let links: string[]

  before(() => {
    ;({ browser, world } = stage)
  })

  const openWith = async (key: Hex) => {
    const context = await openPhone({ browser })
    const { rpcUrl } = world.chain
    const wallet = await injectWallet({ context, key, rpcUrl, chainId: LOCAL_CHAIN_ID })
    return { wallet, page: await openPage(context) }
  }
  const claimLinks = () => organiser.locator('#claim-links')
  const download = async (button: string) => {
    const [file] = await Promise.all([
      organiser.waitForEvent('download', { timeout: 120_000 }),
      claimLinks().getByRole('button', { name: button }).click(),
    ])
    return fs.readFileSync(await file.path())
  }

  it('are made for rows without a wallet, and issued with the others in one signature a campaign', async () => {
    ;({ page: organiser, wallet } = await openWith(localAccount(3).privateKey as Hex))
    await organiser.goto(`${world.web.url}/organise`)
    await connect(organiser)
    book = await makeBook({ page: organiser, name: 'Gathering without wallets' })
    const now = Math.floor(Date.now() / 1000)
    for (const name of ['Lunch', 'Dinner']) {
      const times = { opensAt: now - HOUR, closesAt: now + 2 * HOUR }
      await makeCampaign({ page: organiser, name, ...times })
    }
    await organiser.reload()
    await chooseList({ page: organiser, list: 'attendees.csv' })
    wallet.prompts.length = 0
    wallet.answers = ['approve', 'reject']
    await issuePanel(organiser).getByLabel('Make claim links').check()
    for (const name of ['Lunch', 'Dinner']) await issuePanel(organiser).getByLabel(name).check()
    await issuePanel(organiser).getByRole('button', { name: 'Issue 600 coupons' }).click()
    await seeCode({ place: issuePanel(organiser), code: 'SIGNATURE_REJECTED' })
    expect(wallet.prompts).to.deep.equal(['send', 'send'])
  })

  it('outlive a reload between the signatures and the download', async () => {
    await organiser.reload()
    wallet.prompts.length = 0
    await issuePanel(organiser).getByRole('button', { name: 'Continue where it stopped' }).click()
    await issuePanel(organiser).getByText('600 coupons are issued.').waitFor()
    expect(wallet.prompts).to.deep.equal(['send'])
    for (const campaign of ['Lunch', 'Dinner']) {
      await cardOf({ page: organiser, campaign })
        .filter({ hasText: /issued\s*300/ })
        .waitFor()
    }
    await organiser.reload()
    await claimLinks().getByText('200 people with coupons in Lunch, Dinner.').waitFor()
    await claimLinks().getByText('Not downloaded yet.').waitFor()
    const forget = claimLinks().getByRole('button', { name: 'Forget these keys' })
    expect(await forget.count(), 'not before the download').to.equal(0)
  })

  it('come as a list for a mail merge: every column, and a link of its own for each row', async () => {
    const list = readList({ bytes: await download('Download the list (CSV)') })
    expect(list.header).to.deep.equal(['name', 'email', 'address', 'Claim link'])
    expect(list.rows).to.have.length(200)
    expect(list.rows[0]?.cells.slice(0, 2)).to.deep.equal([
      'Attendee 101',
      'attendee-101@example.org',
    ])
    links = list.rows.map(({ cells }) => cells[3] ?? '')
    expect(new Set(links).size).to.equal(200)
    for (const link of links) {
      const read = readClaimLink(link)
      expect(read.ok && read.link.book).to.equal(book)
      expect(link.startsWith(`${world.web.url}/c#`)).to.equal(true)
    }
  })

  it('come as cards to print, whose codes are those links', async () => {
    const pdf = await PDFDocument.load(await download('Download cards to print (PDF)'))
    expect(pdf.getPageCount()).to.equal(50) // 200 people, two coupons each, eight to a page
    const codes = codesOnPages(pdf.getPages().slice(0, 1))
    expect(codes).to.deep.equal(links.slice(0, 4).flatMap((link) => [link, link]))
  })

  it('are forgotten only when the organiser says so, after the download', async () => {
    await claimLinks().getByRole('button', { name: 'Forget these keys' }).click()
    await organiser.getByRole('button', { name: 'Keep them' }).click()
    await claimLinks().getByRole('button', { name: 'Forget these keys' }).click()
    await organiser.getByRole('button', { name: 'Forget them' }).click()
    await claimLinks().waitFor({ state: 'hidden' })
    await organiser.reload()
    await issuePanel(organiser).waitFor()
    expect(await claimLinks().count()).to.equal(0)
    expect(organiser.complaints).to.deep.equal([])
  })

  it('are not for who has a wallet without gas: it signs twice, and the relayer sends', async () => {
    const { page, wallet: poor } = await openWith(demoKey(1))
    await page.goto(`${world.web.url}/redeem/${book}`)
    await connect(page)
    const sheet = await useCoupon({ page, campaign: 'Lunch' })
    await seeReceipt({ sheet, title: 'Coupon used' })
    await leave(sheet)
    expect(poor.prompts, 'signed in, and signed the redemption').to.deep.equal([
      'connect',
      'sign',
      'sign',
    ])
    expect(page.complaints).to.deep.equal([])
    await page.context().close()
  })

  describe('opened on a phone without a wallet', () => {
    let phone: Page & { complaints: string[] }
    const requests: string[] = []

    before(async () => {
      const context = await openPhone({ browser })
      await context.grantPermissions(['geolocation', 'clipboard-read', 'clipboard-write'])
      context.on('request', (request) => {
        requests.push(
          `${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`,
        )
      })
      phone = await openPage(context)
    })
    after(() => phone.context().close())

    it('say whose event it is and what they hold, and leave the address at once', async () => {
      await phone.goto(links[0]!)
      await phone.getByRole('heading', { name: 'Gathering without wallets' }).waitFor()
      await phone.getByText('Your link holds 2 coupons').waitFor()
      expect(phone.url()).to.equal(`${world.web.url}/c`)
      await phone.getByRole('link', { name: 'Go to my coupons' }).click()
      await phone.getByRole('button', { name: 'Use this coupon: Lunch' }).waitFor()
      await phone.goBack()
      expect(phone.url(), 'history does not have it either').to.equal(`${world.web.url}/c`)
      await phone.goForward()
      await phone.getByRole('button', { name: 'Use this coupon: Lunch' }).waitFor()
      expect(phone.url()).to.equal(`${world.web.url}/redeem/${book}`)
    })

    it('are used without any wallet: the relayer sends it, and the receipt turns green by itself', async () => {
      const other = await openPage(await openPhone({ browser }))
      await other.context().grantPermissions(['geolocation'])
      await other.goto(links[3]!)
      await other.getByRole('link', { name: 'Go to my coupons' }).click()
      await other.context().setGeolocation(MESS_HALL)
      const sheet = await useCoupon({ page: other, campaign: 'Lunch' })
      await seeReceipt({ sheet, title: 'Coupon used' })
      await sheet.getByText('Final', { exact: true }).waitFor()
      await leave(sheet)
      await other.getByRole('button', { name: 'Show receipt: Lunch' }).waitFor()
      expect(other.complaints).to.deep.equal([])
      await other.context().close()
    })

    it('are used once where the page is reloaded, and the line drops, after signing', async () => {
      const context = await openPhone({ browser })
      const other = await openPage(context)
      await context.grantPermissions(['geolocation'])
      await other.goto(links[3]!)
      await other.getByRole('link', { name: 'Go to my coupons' }).click()
      await context.setGeolocation(MESS_HALL)
      const brought: string[] = []
      await context.route(`${world.relayer.url}/v1/redemptions`, async (route) => {
        if (route.request().method() !== 'POST') return route.continue()
        brought.push(route.request().postData() ?? '')
        await route.fetch() // the relayer has it, and the phone hears nothing
        await route.abort()
      })
      const sheet = await useCoupon({ page: other, campaign: 'Dinner' })
      await expectSoon(() => brought.length > 0)
      await other.reload()
      await context.unroute(`${world.relayer.url}/v1/redemptions`)
      await seeReceipt({ sheet, title: 'Coupon used' })
      expect(new Set(brought).size, 'the very same each time').to.equal(1)
      await context.close()
    })

    it('are read from a printed card by the pocket’s camera, and used', async () => {
      const context = await openPhone({ browser })
      const other = await openPage(context)
      await other.goto(`${world.web.url}/redeem/${book}`)
      const card = encodeQR(links[7]!, 'raw', { ecc: 'medium', border: 4 })
      await pretendCamera({ page: other, rows: card })
      await other.getByRole('button', { name: 'Scan a card' }).click()
      await other.getByText('Your link holds 2 coupons').waitFor()
      expect(other.url()).to.equal(`${world.web.url}/c`)
      await other.getByRole('link', { name: 'Go to my coupons' }).click()
      const sheet = await useCoupon({ page: other, campaign: 'Lunch' })
      await seeReceipt({ sheet, title: 'Coupon used' })
      await leave(sheet)

      await other.getByText('link is kept on this phone').click()
      await other.getByRole('button', { name: 'Scan a card' }).click()
      await other.getByLabel('The card’s link').fill('https://example.org/menu')
      await other.getByRole('button', { name: 'Open it' }).click()
      await seeCode({ place: other.getByRole('main'), code: 'CLAIM_LINK_FOREIGN' })
      expect(other.complaints).to.deep.equal([])
      await context.close()
    })

    it('are used with a code that the staff scan and send with their own wallet, while the relayer is away', async () => {
      await world.relayer.child.end()
      await phone.context().setGeolocation(MESS_HALL)
      const sheet = await useCoupon({ page: phone, campaign: 'Lunch' })
      await sheet.getByText('Signed. Now show this to the staff.').waitFor()
      await seeCode({ place: sheet, code: 'RELAYER_AWAY' })
      await sheet.getByRole('button', { name: 'Copy the signed coupon as a link' }).click()
      const handed = await phone.evaluate(() => navigator.clipboard.readText())

      const staff = await openWith(localAccount(4).privateKey as Hex)
      await staff.page.goto(handed)
      await staff.page.getByRole('heading', { name: 'Lunch' }).waitFor()
      await connect(staff.page)
      await staff.page.getByRole('button', { name: 'Send it with this wallet' }).click()
      await staff.page.getByText('The chain shows it as used').waitFor()
      expect(staff.wallet.prompts).to.deep.equal(['connect', 'send'])
      expect(staff.page.complaints).to.deep.equal([])
      await staff.page.context().close()

      await seeReceipt({ sheet, title: 'Coupon used' })
      await leave(sheet)
      await phone.getByRole('button', { name: 'Show receipt: Lunch' }).waitFor()
    })

    it('gather into one pocket, with which a friend’s coupon is used too', async () => {
      await phone.goto(links[1]!)
      await phone.getByText('Your link holds 2 coupons').waitFor()
      await phone.getByRole('link', { name: 'Go to my coupons' }).click()
      await phone.getByText('2 links are kept on this phone').waitFor()
      // The coupons are listed before the chain has said how each stands.
      const dinners = phone.getByRole('button', { name: 'Use this coupon: Dinner' })
      await dinners.nth(1).waitFor()
      expect(await dinners.count()).to.equal(2)
      expect(await phone.getByRole('article').count()).to.equal(4)

      await phone.context().setGeolocation(MESS_HALL) // a browser that is told where it is remembers since when
      const sheet = await useCoupon({ page: phone, campaign: 'Lunch' })
      await sheet.getByRole('button', { name: /^Let the demo’s organiser send it/ }).click()
      await seeReceipt({ sheet, title: 'Coupon used' })
      await leave(sheet)
    })

    it('are lost to no reload, and never told to anybody', async () => {
      await phone.reload()
      await phone.getByText('2 links are kept on this phone').waitFor()
      const secrets = links.slice(0, 2).flatMap((link) => {
        const read = readClaimLink(link)
        return [link.split('.').at(-2)!, read.ok ? read.link.key.slice(2) : '']
      })
      expect(requests.length).to.be.greaterThan(20)
      for (const secret of secrets) {
        expect(secret).to.have.length.greaterThan(40)
        expect(requests.filter((request) => request.includes(secret))).to.deep.equal([])
      }
      const origins = new Set(requests.map((request) => new URL(request.split(' ')[0]!).hostname))
      expect([...origins].sort()).to.deep.equal(['127.0.0.1', 'localhost'])
      expect(phone.complaints).to.deep.equal([])
    })
  })

  describe('that open nothing', () => {
    it('have a sentence each, and a way on', async () => {
      const read = readClaimLink(links[2]!)
      if (!read.ok) throw new Error('The third link is none.')
      const { link } = read
      const at = (fragment: string) => `${world.web.url}/c#${fragment}`
      const stranger = '0x000000000000000000000000000000000000dEaD'
      const phone = await openPage(await openPhone({ browser }))
      for (const [address, code] of [
        [at(''), 'CLAIM_LINK_MISSING'],
        [links[2]!.slice(0, -9), 'CLAIM_LINK_CUT'],
        [links[2]!.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')), 'CLAIM_LINK_DAMAGED'],
        [at('state=123'), 'CLAIM_LINK_FOREIGN'],
        [at(writeClaimLink({ ...link, chainId: 1 })), 'CLAIM_LINK_FOR_OTHER_CHAIN'],
        [at(writeClaimLink({ ...link, book: stranger })), 'BOOK_UNKNOWN'],
        [at(writeClaimLink({ ...link, key: `0x${'17'.repeat(32)}` })), 'CLAIM_LINK_EMPTY'],
      ] as const) {
        await phone.goto('about:blank')
        await phone.goto(address)
        await seeCode({ place: phone.getByRole('main'), code })
        expect(phone.url()).to.equal(`${world.web.url}/c`)
      }
      expect(phone.complaints).to.deep.equal([])
      await phone.context().close()
    })

    it('work for as long as the page is open where the browser keeps nothing', async () => {
      const context = await openPhone({ browser })
      await context.addInitScript(() => {
        Object.defineProperty(window, 'indexedDB', {
          value: {
            open: () => {
              throw new DOMException('Not here.', 'SecurityError')
            },
          },
        })
      })
      const phone = await openPage(context)
      await phone.goto(links[2]!)
      await seeCode({ place: phone.getByRole('main'), code: 'STORAGE_BLOCKED' })
      await phone.getByRole('link', { name: 'Go to my coupons' }).click()
      const sheet = await useCoupon({ page: phone, campaign: 'Lunch' })
      await sheet.getByRole('button', { name: /^Let the demo’s organiser send it/ }).click()
      await seeReceipt({ sheet, title: 'Coupon used' })
      expect(phone.complaints).to.deep.equal([])
      await context.close()
    })
  })
})
