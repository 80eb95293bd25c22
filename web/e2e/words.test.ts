import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { writeClaimLink } from '@coupon-secure/protocol/claim-link'
import { expect } from 'chai'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { makeDemo, type Demo } from '../../scripts/demo.ts'
import { demoKey } from '../../scripts/demo-files.ts'
import { expectAccessible } from './axe.ts'
import { MESS_HALL, openPage, openPhone, STREET } from './phone.ts'
import { expectNoSidewaysScroll, expectSpoken, wordsOf } from './spoken.ts'
import { setStage } from './stage.ts'
import type { WalkWorld } from './world.ts'

type Phone = Page & { complaints: string[] }

// What opens without a book or a link; of the last two there are none.
const PAGES = ['/', '/redeem', '/send', '/there', '/redeem/nothing', '/nowhere']

const hi = wordsOf('hi')
const ur = wordsOf('ur')

// One story, told in order: what one test leaves behind, the next one finds.
describe('the words', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: true, isIndexed: true })
  let world: WalkWorld
  let browser: Browser
  let demo: Demo
  let names: string[]

  before(async () => {
    ;({ browser, world } = stage)
    const now = Math.floor(Date.now() / 1000)
    demo = await makeDemo({ rpcUrl: world.chain.rpcUrl, oracleUrl: world.oracle.url, now })
    const campaigns = demo.campaigns.map(({ name }) => name)
    names = ['Campus hackathon', 'Mess hall', 'Food court', ...campaigns]
  })

  const fragmentOf = (attendee: number) =>
    writeClaimLink({ chainId: LOCAL_CHAIN_ID, book: demo.book, key: demoKey(attendee) })
      .split('#')
      .at(-1)!
  const openIn = async (locale: string, hasServiceWorker = false) => {
    const context = await openPhone({ browser, locale, place: STREET, hasServiceWorker })
    return { context, phone: await openPage(context) }
  }
  const said = (page: Page, text: string) => page.getByText(text, { exact: true }).first().waitFor()
  const press = (place: Pick<Page, 'getByRole'>, name: string) =>
    place.getByRole('button', { name, exact: true }).click()

  describe('on a phone that is set to Hindi', () => {
    let context: BrowserContext
    let phone: Phone

    before(async () => ({ context, phone } = await openIn('hi-IN')))
    after(() => context.close())
    const seen = (language: 'hi' | 'ur' = 'hi') => expectSpoken({ page: phone, language, names })

    it('are Hindi from the first paint on, without anything being asked', async () => {
      const answer = await context.request.get(`${world.web.url}/redeem`, {
        headers: { 'accept-language': 'hi-IN,hi;q=0.9' },
      })
      const text = await answer.text()
      expect(text).to.contain('<html lang="hi" dir="ltr">').and.to.contain(hi['choose.title'])
      for (const path of PAGES) {
        await phone.goto(`${world.web.url}${path}`)
        await phone.getByRole('heading', { level: 1 }).waitFor()
        await seen()
      }
      await phone.goto(`${world.web.url}/redeem/${demo.book}`)
      await said(phone, hi['pocket.whose']!)
      await seen()
    })

    it('name the app on the home screen', async () => {
      const answer = await context.request.get(`${world.web.url}/manifest.webmanifest`, {
        headers: { 'accept-language': 'hi-IN,hi;q=0.9' },
      })
      const { lang, short_name } = (await answer.json()) as { lang: string; short_name: string }
      expect({ lang, short_name }).to.deep.equal({ lang: 'hi', short_name: 'कूपन' })
    })

    it('tell what a claim link holds, and what is wrong with one that holds nothing', async () => {
      await phone.goto(`${world.web.url}/c#${fragmentOf(31).slice(0, -9)}`)
      await said(phone, hi['claim.CLAIM_LINK_CUT']!)
      await seen()
      await phone.goto('about:blank')
      await phone.goto(`${world.web.url}/c#${fragmentOf(31)}`)
      await said(phone, hi['claim.invitedBy']!)
      await phone.getByRole('listitem').first().waitFor()
      await seen()
      expect(await phone.title()).to.contain(hi['claim.page'])
      await phone.getByRole('link', { name: hi['claim.go']! }).click()
    })

    it('tell how each coupon stands, and which way to go', async () => {
      await phone.getByRole('article').first().waitFor()
      await seen()
      await press(phone, hi['pocket.here.check']!)
      await phone.getByText(`${hi['direction.north']!} की ओर`).first().waitFor()
      await seen()
    })

    it('go with a coupon to its receipt, from a no whose reason is told', async () => {
      await press(phone, hi['ticket.useNamed']!.replace('{name}', 'Lunch'))
      const sheet = phone.getByRole('dialog', { name: 'Lunch' })
      await said(phone, hi['sheet.lead']!)
      await seen()
      await context.setGeolocation(STREET) // a browser that is told where it is remembers since when
      await press(sheet, hi['sheet.here']!)
      await said(phone, hi['failure.OUTSIDE_GEOFENCE']!)
      await sheet.getByText(hi['proof.title']!.split('{')[2]!.split('}')[0]!).click()
      await said(phone, hi['proof.good']!)
      await seen()

      await context.setGeolocation(MESS_HALL)
      await press(sheet, hi['common.again']!)
      await sheet.getByRole('status').filter({ hasText: hi['receipt.redeemed']! }).waitFor()
      await said(phone, hi['receipt.final']!)
      await seen()
      await press(sheet, hi['receipt.done']!)
    })

    it('become Urdu in the middle, and everything stays where it was', async () => {
      const before = await phone.getByRole('article').count()
      await phone.getByText(/में एक लिंक सहेजा/).click()
      await phone.getByRole('combobox', { name: hi['app.language']! }).selectOption('ur')
      await phone.getByRole('heading', { name: ur['standing.used']! }).waitFor()
      expect(await phone.getByRole('article').count()).to.equal(before)
      const links = phone.locator('details').filter({ hasText: /محفوظ/ })
      expect(await links.getAttribute('open'), 'still unfolded').not.to.equal(null)
      await seen('ur')
      expect(await phone.title()).to.contain(ur['pocket.page'])

      // Chosen by its person: the phone itself is still set to Hindi.
      await phone.reload()
      await phone.getByRole('article').first().waitFor()
      await seen('ur')
    })

    it('tell who has used a coupon how to have the pocket at hand, until they decline', async () => {
      const hint = phone.getByText(ur['install.words']!)
      await phone.evaluate(offerInstallation)
      await hint.waitFor()
      await seen('ur')
      await press(phone, ur['install.add']!)
      await hint.waitFor({ state: 'hidden' })
      expect(await phone.evaluate(() => Reflect.get(window, 'prompted') as unknown)).to.equal(1)

      await phone.evaluate(offerInstallation)
      await press(phone, ur['install.dismiss']!)
      await phone.reload()
      await phone.getByRole('article').first().waitFor()
      await phone.evaluate(offerInstallation)
      await phone.waitForTimeout(500)
      expect(await hint.count()).to.equal(0)
    })

    it('leave the organiser’s page in English, and say so', async () => {
      await phone.goto(`${world.web.url}/organise`)
      const heading = phone.getByRole('main').getByRole('heading', { level: 1 })
      await heading.waitFor()
      const place = await heading.evaluate((element) => ({
        lang: element.closest('[lang]')?.getAttribute('lang'),
        direction: getComputedStyle(element).direction,
      }))
      expect(place).to.deep.equal({ lang: 'en', direction: 'ltr' })
      await expectAccessible(phone)
      await expectNoSidewaysScroll(phone)
      expect(phone.complaints).to.deep.equal([])
    })
  })

  describe('on a phone that is set to Urdu', () => {
    it('run from right to left, from the link to the receipt', async () => {
      const { context, phone } = await openIn('ur-PK')
      const seen = () => expectSpoken({ page: phone, language: 'ur', names })
      for (const path of PAGES) {
        await phone.goto(`${world.web.url}${path}`)
        await phone.getByRole('heading', { level: 1 }).waitFor()
        await seen()
      }
      await phone.goto('about:blank')
      await phone.goto(`${world.web.url}/c#${fragmentOf(32)}`)
      await said(phone, ur['claim.invitedBy']!)
      await phone.getByRole('listitem').first().waitFor()
      await seen()
      await phone.getByRole('link', { name: ur['claim.go']! }).click()
      await phone.getByRole('article').first().waitFor()
      await seen()
      const use = phone.getByRole('button', { name: /^یہ کوپن استعمال کریں: .?Lunch/ })
      await use.click()
      const sheet = phone.getByRole('dialog', { name: 'Lunch' })
      await said(phone, ur['sheet.lead']!)
      await seen()
      await context.setGeolocation(MESS_HALL)
      await press(sheet, ur['sheet.here']!)
      await sheet.getByRole('status').filter({ hasText: ur['receipt.redeemed']! }).waitFor()
      await said(phone, ur['receipt.final']!)
      await seen()
      const code = sheet.locator('dd code').first()
      expect(await code.evaluate((element) => getComputedStyle(element).direction)).to.equal('ltr')
      await press(sheet, ur['receipt.done']!)
      expect(phone.complaints).to.deep.equal([])
      await context.close()
    })
  })

  describe('without a network', () => {
    it('are those that were chosen, in the pocket and where there is no page', async () => {
      const { context, phone } = await openIn('en-GB', true)
      await phone.goto(`${world.web.url}/c#${fragmentOf(33)}`)
      await phone.getByRole('link', { name: 'Go to my coupons' }).click()
      await phone.getByRole('article').first().waitFor()
      await phone.getByRole('combobox', { name: 'Language' }).selectOption('hi')
      await phone.getByText(hi['why.usable']!.split('। ')[1]!).first().waitFor()
      // It waits until the page has what it needs itself.
      const pocket = `${world.web.url}/redeem/${demo.book}`
      while (!(await phone.evaluate(isKeptInHindi, pocket))) await phone.waitForTimeout(200)
      const kept = await phone.evaluate(async () => {
        const keys = await (await caches.open('scripts')).keys()
        const texts = await Promise.all(
          keys.map(async (key) => (await caches.match(key))?.text() ?? ''),
        )
        return texts.join('')
      })
      expect(kept).to.contain(hi['failure.UNEXPECTED'])
      expect(kept, 'what nobody chose').not.to.contain(ur['failure.UNEXPECTED'])

      await context.setOffline(true)
      await phone.goto(pocket)
      await phone.getByText(/आपके कूपन ऐसे थे/).waitFor()
      await phone.getByRole('article').first().waitFor()
      await expectSpoken({ page: phone, language: 'hi', names })
      await phone.goto(`${world.web.url}/audit/${demo.book}`)
      await phone.getByRole('heading', { name: hi['away.title']! }).waitFor()
      await expectAccessible(phone)
      await phone.getByRole('link', { name: hi['offline.pocket']! }).click()
      await phone.getByRole('link', { name: new RegExp(hi['choose.known']!) }).waitFor()
      expect(phone.complaints).to.deep.equal([])
      await context.close()
    })
  })

  describe('where a coupon is handed over', () => {
    it('are those of the holder’s phone, and on the staff’s phone those of the staff', async () => {
      await world.relayer.child.end()
      const { context, phone } = await openIn('ur')
      await context.grantPermissions(['geolocation', 'clipboard-read', 'clipboard-write'])
      await phone.goto(`${world.web.url}/c#${fragmentOf(34)}`)
      await phone.getByRole('link', { name: ur['claim.go']! }).click()
      const use = phone.getByRole('button', { name: /^یہ کوپن استعمال کریں: .?Lunch/ })
      await use.click()
      await context.setGeolocation(MESS_HALL)
      const sheet = phone.getByRole('dialog', { name: 'Lunch' })
      await press(sheet, ur['sheet.here']!)
      await said(phone, ur['handing.lead']!)
      await said(phone, ur['failure.RELAYER_AWAY']!)
      await expectSpoken({ page: phone, language: 'ur', names })
      await sheet.getByRole('button', { name: /کاپی کریں$/ }).click()
      const handed = await phone.evaluate(() => navigator.clipboard.readText())

      const staff = await openIn('hi')
      await staff.phone.goto(handed)
      await said(staff.phone, hi['send.title']!)
      await expectSpoken({ page: staff.phone, language: 'hi', names })
      expect([...phone.complaints, ...staff.phone.complaints]).to.deep.equal([])
      await context.close()
      await staff.context.close()
    })
  })
})

/** Runs in the page: the offer that Chrome on Android makes once, and that no browser under test does. */
function offerInstallation(): void {
  const prompt = () => {
    Reflect.set(window, 'prompted', 1)
    return Promise.resolve()
  }
  dispatchEvent(Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt }))
}

/** Runs in the page. */
async function isKeptInHindi(page: string): Promise<boolean> {
  const isHindi = localStorage.getItem('coupon-secure.kept-files')?.endsWith('.hi') === true
  return isHindi && (await caches.match(page, { ignoreVary: true })) !== undefined
}
