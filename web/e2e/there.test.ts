import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { expect } from 'chai'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { makeDemo, type Demo } from '../../scripts/demo.ts'
import { demoKey } from '../../scripts/demo-files.ts'
import { expectAccessible } from './axe.ts'
import { chooseCoupon, leave, seeCode, seeReceipt, useCoupon } from './holder.ts'
import { connect } from './organiser.ts'
import { MESS_HALL, openPage, openPhone, type Place, STREET } from './phone.ts'
import { setStage } from './stage.ts'
import { injectWallet } from './wallet.ts'
import type { WalkWorld } from './world.ts'

const NEAR: Place = { ...STREET, latitude: 26.9353 } // some 40 m south of the mess hall
const VAGUE: Place = { ...MESS_HALL, accuracy: 70 }
const DISTRICT: Place = { ...MESS_HALL, accuracy: 1_600 }

describe('where a holder is', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: false })
  let world: WalkWorld
  let browser: Browser
  let demo: Demo

  before(async () => {
    ;({ browser, world } = stage)
    const now = Math.floor(Date.now() / 1000)
    demo = await makeDemo({ rpcUrl: world.chain.rpcUrl, oracleUrl: world.oracle.url, now })
  })

  /** A phone with a wallet, connected on the demo book's page, that counts how often its receiver is asked. */
  const openPocket = async ({ number, place }: { number: number; place?: Place }) => {
    const context = await openPhone({ browser, ...(place && { place }) })
    await context.addInitScript(countWatches)
    const { rpcUrl } = world.chain
    const key = demoKey(number)
    const wallet = await injectWallet({ context, key, rpcUrl, chainId: LOCAL_CHAIN_ID })
    const page = await openPage(context)
    await page.goto(`${world.web.url}/redeem/${demo.book}`)
    await connect(page)
    await page.getByRole('button', { name: 'Use this coupon: Lunch' }).waitFor()
    return { context, page, wallet }
  }

  it('is followed while the sheet is open: outside, towards the door, inside, used', async () => {
    const { context, page, wallet } = await openPocket({ number: 30, place: STREET })
    const sheet = await chooseCoupon({ page, campaign: 'Lunch' })
    await sheet.getByText('Your position is good to 8 m.').waitFor()
    expect(await sheet.innerText(), 'the place is not on this phone yet').not.to.contain('door')
    expect(await watches(page)).to.deep.equal({ open: 1, begun: 1 })

    await sheet.getByRole('button', { name: 'I am here – use it' }).click()
    await seeCode({ place: sheet, code: 'OUTSIDE_GEOFENCE' })
    await sheet.getByText('Move towards the door.').waitFor()
    await sheet.getByText(/Mess hall is about 2\d0\sm to the north\./).waitFor()
    await expectAccessible(page)

    await context.setGeolocation(NEAR)
    await sheet.getByText(/Mess hall is about [3-6]0\sm to the north\./).waitFor()
    await context.setGeolocation(MESS_HALL)
    await sheet.getByText('You are at Mess hall.').waitFor()
    await picture({ page, name: 'there-inside' })
    await sheet.getByRole('button', { name: 'Try again' }).click()
    await seeReceipt({ sheet, title: 'Coupon used' })
    expect(wallet.prompts).to.deep.equal(['connect', 'sign', 'send'])
    expect((await watches(page)).open, 'nobody looks any more').to.equal(0)
    expect(page.complaints).to.deep.equal([])
  })

  it('is taken anew by itself where the oracle is unsure, until it is sure', async () => {
    const { context, page, wallet } = await openPocket({ number: 31, place: VAGUE })
    const sheet = await useCoupon({ page, campaign: 'Lunch' })
    await sheet
      .getByText(/^Try 2 of 5\. You may be at the place/)
      .first()
      .waitFor()
    await sheet.getByRole('button', { name: 'Cancel' }).waitFor()
    await context.setGeolocation({ ...VAGUE, accuracy: 65 }) // surer, and not enough
    await sheet.getByText('Wait here, it gets better.').waitFor()
    await picture({ page, name: 'there-unsure' })
    await context.setGeolocation(MESS_HALL)
    await seeReceipt({ sheet, title: 'Coupon used' })
    expect(wallet.prompts).to.deep.equal(['connect', 'sign', 'send'])
    expect(page.complaints).to.deep.equal([])
  })

  it('is not asked for before the person has said so, and no more once the sheet is closed', async () => {
    const { context, page } = await openPocket({ number: 32 })
    await context.clearPermissions()
    const sheet = await chooseCoupon({ page, campaign: 'Lunch' })
    await page.waitForTimeout(500)
    expect(await watches(page)).to.deep.equal({ open: 0, begun: 0 })
    await context.grantPermissions(['geolocation'])
    await sheet.getByText('Your position is good to 8 m.').waitFor()
    expect((await watches(page)).open).to.equal(1)
    await leave(sheet)
    expect((await watches(page)).open).to.equal(0)
  })

  it('is known to a district only where the phone says no more, which is said', async () => {
    const { page } = await openPocket({ number: 32, place: DISTRICT })
    const sheet = await chooseCoupon({ page, campaign: 'Lunch' })
    await sheet.getByText('Your position is good to 1.6 km.').waitFor()
    await sheet.getByText(/knows the district|exact position seems to be off/).waitFor()
  })

  describe('on the small map', () => {
    let context: BrowserContext
    let page: Page & { complaints: string[] }
    const asked = new Set<string>()

    it('stands beside the outline of the place, and nobody is asked for a map', async () => {
      ;({ context, page } = await openPocket({ number: 33, place: NEAR }))
      context.on('request', (request) => asked.add(new URL(request.url()).origin))
      await page.getByRole('button', { name: 'Where is it? Lunch' }).click()
      const place = page.getByRole('dialog', { name: 'Lunch' })
      await place.getByRole('button', { name: 'Sign in once' }).click()
      await place.getByRole('img', { name: /^Outline of .*Mess hall.*, north up\.$/ }).waitFor()
      await place.getByText(/Mess hall is about [3-6]0\sm to the north\./).waitFor()
      await picture({ page, name: 'there-map' })
      await expectAccessible(page)
      await place.getByRole('button', { name: 'Close' }).click()
      await place.waitFor({ state: 'hidden' })
      const origins = [world.web.url, world.oracle.url, world.relayer.url, world.chain.rpcUrl]
      const foreign = [...asked].filter(
        (origin) => !origins.some((one) => new URL(one).port === new URL(origin).port),
      )
      expect(foreign).to.deep.equal([])

      // And without a network, in another tab of later.
      await context.setOffline(true)
      await page.getByRole('button', { name: 'Where is it? Lunch' }).click()
      await place.getByRole('img', { name: /Mess hall/ }).waitFor()
      await context.setOffline(false)
      expect(page.complaints).to.deep.equal([])
    })
  })
})

/** How often the receiver was asked, and how many wait for an answer. */
function watches(page: Page): Promise<{ open: number; begun: number }> {
  return page.evaluate(() => ({
    open: (Reflect.get(window, 'openWatches') as Set<number>).size,
    begun: Number(Reflect.get(window, 'begunWatches')),
  }))
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

/** Runs in the page before its own scripts. */
function countWatches(): void {
  const open = new Set<number>()
  const { geolocation } = navigator
  const watch = geolocation.watchPosition.bind(geolocation)
  const clear = geolocation.clearWatch.bind(geolocation)
  Reflect.set(window, 'openWatches', open)
  Reflect.set(window, 'begunWatches', 0)
  geolocation.watchPosition = (...given: Parameters<typeof watch>) => {
    Reflect.set(window, 'begunWatches', Number(Reflect.get(window, 'begunWatches')) + 1)
    const number = watch(...given)
    open.add(number)
    return number
  }
  geolocation.clearWatch = (number) => {
    open.delete(number)
    clear(number)
  }
}
