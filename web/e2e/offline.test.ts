import fs from 'node:fs'
import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { writeClaimLink } from '@coupon-secure/protocol/claim-link'
import { expect } from 'chai'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { makeDemo, type Demo } from '../../scripts/demo.ts'
import { demoKey } from '../../scripts/demo-files.ts'
import { chooseCoupon, leave } from './holder.ts'
import { openPage, openPhone } from './phone.ts'
import { setStage } from './stage.ts'
import type { WalkWorld } from './world.ts'

const KEY = demoKey(21)

// One story, told in order.
describe('a phone without a network', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: true, isIndexed: true })
  let world: WalkWorld
  let browser: Browser
  let demo: Demo
  let context: BrowserContext
  let phone: Page & { complaints: string[] }

  before(async () => {
    ;({ browser, world } = stage)
    const now = Math.floor(Date.now() / 1000)
    demo = await makeDemo({ rpcUrl: world.chain.rpcUrl, oracleUrl: world.oracle.url, now })
    context = await openPhone({ browser, hasServiceWorker: true })
    phone = await openPage(context)
  })

  const coupons = () => phone.getByRole('article')
  const asItStood = () => phone.getByText(/This is how your coupons stood today at \d\d:\d\d/)
  const seeAsItStood = () => asItStood().waitFor()

  it('has been there with one once, by a claim link whose key is in nothing that was kept', async () => {
    const link = writeClaimLink({ chainId: LOCAL_CHAIN_ID, book: demo.book, key: KEY })
    await phone.goto(`${world.web.url}/c#${link.split('#').at(-1)!}`)
    await phone.getByRole('link', { name: 'Go to my coupons' }).click()
    await coupons().first().waitFor()
    const page = `${world.web.url}/redeem/${demo.book}`
    // It waits until the page has what it needs itself.
    while (!(await phone.evaluate(isKept, page))) await phone.waitForTimeout(200)

    // Once more, now that the service worker stands between and sees the whole address.
    await phone.goto('about:blank')
    await phone.goto(`${world.web.url}/c#${link.split('#').at(-1)!}`)
    await phone.getByRole('link', { name: 'Go to my coupons' }).click()
    await coupons().first().waitFor()

    const kept = await keptTexts(phone)
    expect(kept.length).to.be.greaterThan(10)
    const secret = KEY.slice(2)
    for (const { url, text } of kept) {
      expect(url).not.to.contain('#')
      expect(`${url} ${text}`.includes(secret), url).to.equal(false)
      expect(`${url} ${text}`.includes(link.split('.').at(-2)!), url).to.equal(false)
    }
  })

  it('can be put on a home screen', async () => {
    const session = await context.newCDPSession(phone)
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
    const errors = installabilityErrors.map(({ errorId }) => errorId)
    expect(errors.filter((error) => error !== 'in-incognito')).to.deep.equal([])
    for (const icon of [
      'icon-192.png',
      'icon-512.png',
      'icon-maskable-512.png',
      'apple-icon.png',
    ]) {
      const response = await context.request.get(`${world.web.url}/${icon}`)
      expect(response.headers()['content-type'], icon).to.equal('image/png')
    }
  })

  it('shows the coupons as they stood, says so, and says what takes a network', async () => {
    const online = await coupons().count()
    await context.setOffline(true)
    await phone.goto(`${world.web.url}/redeem/${demo.book}`)
    await seeAsItStood()
    expect(await coupons().count()).to.equal(online)
    expect(online).to.be.greaterThan(0)

    const sheet = await chooseCoupon({ page: phone, campaign: demo.campaigns[0]!.name })
    await sheet.getByRole('button', { name: 'I am here – use it' }).click()
    await sheet
      .getByText(/network|does not answer/)
      .first()
      .waitFor()
    await leave(sheet)
  })

  it('puts a later meal into the calendar', async () => {
    const [file] = await Promise.all([
      phone.waitForEvent('download'),
      phone.getByRole('button', { name: 'Add to calendar: Dinner' }).click(),
    ])
    expect(file.suggestedFilename()).to.equal('dinner.ics')
    const text = fs.readFileSync(await file.path(), 'utf8')
    const { opensAt } = demo.campaigns.find(({ name }) => name === 'Dinner')!
    const start = new Date(Number(opensAt) * 1000).toISOString().replace(/[-:]|\.000/g, '')
    expect(text.split('\r\n')).to.include.members(['SUMMARY:Dinner', `DTSTART:${start}`])
  })

  it('finds the way from the home screen, and is told where there is none', async () => {
    await phone.goto(`${world.web.url}/redeem`)
    await phone.getByRole('link', { name: /A book opened before/ }).click()
    await coupons().first().waitFor()
    await phone.goto(`${world.web.url}/audit/${demo.book}`)
    await phone.getByRole('heading', { name: 'No network' }).waitFor()
    await phone.getByRole('link', { name: 'My coupons on this phone' }).click()
    await phone.getByRole('link', { name: /A book opened before/ }).waitFor()
  })

  it('is itself again with the network, without being asked to', async () => {
    await phone.goto(`${world.web.url}/redeem/${demo.book}`)
    await seeAsItStood()
    await context.setOffline(false)
    await asItStood().waitFor({ state: 'hidden' })
    await phone.getByRole('heading', { name: 'Campus hackathon' }).waitFor()
    expect(phone.complaints).to.deep.equal([])
  })
})

/** Runs in the page. */
async function isKept(page: string): Promise<boolean> {
  const hasFiles = localStorage.getItem('coupon-secure.kept-files') !== null
  return hasFiles && (await caches.match(page, { ignoreVary: true })) !== undefined
}

async function keptTexts(page: Page): Promise<{ url: string; text: string }[]> {
  return page.evaluate(async () => {
    const kept: { url: string; text: string }[] = []
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const response = await cache.match(request)
        kept.push({ url: request.url, text: (await response?.text()) ?? '' })
      }
    }
    return kept
  })
}
