import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { type GeofenceDocument, hashGeofence } from '@coupon-secure/protocol/geofence'
import { expect } from 'chai'
import { Contract } from 'ethers'
import fs from 'node:fs'
import type { Browser, Locator, Page } from 'playwright-core'
import type { Address, Hex } from 'viem'
import { localAccount, localProvider } from '../../scripts/local-chain.ts'
import { expectAccessible } from './axe.ts'
import { openLaptop } from './laptop.ts'
import { dragMap, dropPlaces, square, tapMap } from './map.ts'
import { connect, makeBook } from './organiser.ts'
import { openPage } from './phone.ts'
import { setStage } from './stage.ts'
import { injectWallet, type Wallet } from './wallet.ts'
import type { WalkWorld } from './world.ts'

const shape = (corners: string) =>
  `<Polygon><outerBoundaryIs><LinearRing><coordinates>${corners}</coordinates></LinearRing></outerBoundaryIs></Polygon>`
const KML = `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
  <Placemark><name>Gate</name><Point><coordinates>75.924,26.936,0</coordinates></Point></Placemark>
  <Placemark><name>Kitchen</name>${shape('75.926,26.936,0 75.927,26.936,0 75.927,26.937,0 75.926,26.937,0 75.926,26.936,0')}</Placemark>
  <Placemark><name>Bow</name>${shape('75.928,26.936,0 75.929,26.937,0 75.929,26.936,0 75.928,26.937,0 75.928,26.936,0')}</Placemark>
</Document></kml>`

// One story, told in order: what one test leaves behind, the next one finds.
describe('places on a map', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: true, mapStyleUrl: 'http://127.0.0.1:9/style.json' }) // where nobody is
  let world: WalkWorld
  let browser: Browser
  let page: Page & { complaints: string[] }
  let wallet: Wallet
  let book: Address
  let sites: Locator
  let saved: string

  before(async () => {
    ;({ browser, world } = stage)
    const context = await openLaptop({ browser })
    const { rpcUrl } = world.chain
    const key = localAccount(5).privateKey as Hex
    wallet = await injectWallet({ context, key, rpcUrl, chainId: LOCAL_CHAIN_ID })
    page = await openPage(context)
    await page.goto(`${world.web.url}/organise`)
    await connect(page)
    book = await makeBook({ page, name: 'Gathering of places' })
    sites = page.getByRole('list', { name: 'Sites' })
  })

  const sizesOf = () => sites.getByText(/ around/).allInnerTexts()
  const goTo = async (text: string) => {
    const field = page.getByLabel('Find a position on the map')
    await field.fill(text)
    await field.press('Enter')
  }
  const remove = (number: number) =>
    page.getByRole('button', { name: `Remove site ${number}`, exact: true }).click()
  const named = (number: number) => page.getByLabel(`Name of site ${number}`)

  it('have a plain grid under them where the map’s pictures do not come', async () => {
    await page.getByText(/^The map’s pictures do not come; a plain grid/).waitFor()
    await page.locator('.maplibregl-ctrl-scale').waitFor()
  })

  it('are found by their coordinate, whose order is said', async () => {
    const field = page.getByLabel('Find a position on the map')
    await field.fill('126.9359, 75.9236')
    await page.getByRole('button', { name: 'Go there' }).click()
    await page.getByText('COORDINATE_OUT_OF_RANGE').waitFor()
    await goTo('26°56′09.2″N 75°55′25″E')
    await page.getByText('COORDINATE_OUT_OF_RANGE').waitFor({ state: 'detached' })
  })

  it('are drawn with holes and as circles, each with its area', async () => {
    await tapMap({ page, tool: 'Draw a site', spots: square({ half: 120 }) })
    await named(1).fill('Mess hall')
    await tapMap({ page, tool: 'Cut a hole', spots: square({ half: 30 }) })
    await sites.getByText('1 cut out').waitFor()
    const edge = [
      { right: 220, down: 0 },
      { right: 270, down: 0 },
    ]
    await tapMap({ page, tool: 'Draw a circle', spots: edge })
    await sites.getByText('64 corners of Site 2').waitFor()
    await page.getByText('Make a circle by centre and radius').click()
    await page.getByText('It becomes a polygon of 64 corners').waitFor()
    await page.getByLabel('Centre of the circle').fill('26.94, 75.93')
    await page.getByLabel('Radius, metres').fill('25')
    await page.getByRole('button', { name: 'Add the circle as a site' }).click()
    await named(3).waitFor()
    expect((await sizesOf())[2]).to.equal('1,960 m², 157 m around')
  })

  it('are changed, and every change is taken back and made again', async () => {
    const before = await sizesOf()
    await goTo('26°56′09.2″N 75°55′25″E')
    await tapMap({ page, tool: 'Move corners', spots: [{ right: 80, down: 80 }] })
    const corner = { right: 120, down: 120 }
    await dragMap({ page, from: corner, to: { right: 150, down: 150 } })
    await page.getByRole('button', { name: 'Undo: move the corners of Mess hall' }).waitFor()
    const after = await sizesOf()
    expect(after[0]).not.to.equal(before[0])

    await page.keyboard.press('Control+z')
    await page.getByRole('button', { name: 'Redo: move the corners of Mess hall' }).waitFor()
    expect(await sizesOf()).to.deep.equal(before)
    await page.keyboard.press('Control+Shift+z')
    await page.getByRole('button', { name: 'Undo: move the corners of Mess hall' }).waitFor()
    expect(await sizesOf()).to.deep.equal(after)

    await remove(3)
    await page.getByRole('button', { name: 'Move site 2 up' }).click()
    expect(await named(2).inputValue()).to.equal('Mess hall')
    await page.getByRole('button', { name: 'Undo: move Site 2' }).click()
    await page.getByRole('button', { name: 'Undo: remove Site 3' }).click()
    expect(await sizesOf()).to.deep.equal(after)
    await remove(3)
  })

  it('are changed corner by corner with the keyboard alone', async () => {
    await sites.getByText('8 corners of Mess hall').focus()
    await page.keyboard.press('Enter')
    const corner = page.getByRole('textbox', { name: 'Corner 1, Hole 1 of Mess hall' })
    const before = await corner.inputValue()
    await corner.fill('26.5 N')
    await corner.press('Enter')
    await page.getByText('COORDINATE_UNREADABLE').waitFor()
    await corner.fill(before.replace(/\d, /, '9, '))
    await corner.press('Enter')
    await page.getByRole('button', { name: 'Undo: change a corner of Mess hall' }).waitFor()
    await page
      .getByRole('button', { name: 'Add a corner after 4, Hole 1 of Mess hall' })
      .press('Enter')
    await page.getByRole('textbox', { name: 'Corner 5, Hole 1 of Mess hall' }).waitFor()
    await page.getByRole('button', { name: 'Remove corner 5, Hole 1 of Mess hall' }).press('Enter')
    await sites.getByText('8 corners of Mess hall').press('Enter')
  })

  it('come from a dropped KML: what is no place is named, and nothing is lost', async () => {
    await dropPlaces({ page, name: 'venue.kml', content: KML })
    await named(4).waitFor()
    const lost = page.getByRole('alert', { name: 'What did not come over' })
    expect(await lost.innerText()).to.contain('Feature 1 (“Gate”) was not added. It is a Point.')
    expect(await named(3).inputValue()).to.equal('Kitchen')
    const bow = sites.getByRole('listitem').filter({ has: named(4) })
    expect(await bow.getByRole('alert').innerText()).to.match(
      /crosses or touches itself at .*RING_SELF_CROSSES/,
    )
    await page.getByText('A point can be tested once nothing is wrong').waitFor()
    await remove(4)
    const picture = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
    await page
      .getByLabel('Load sites from a file')
      .setInputFiles({ name: 'map.kml', mimeType: 'application/octet-stream', buffer: picture })
    await page.getByText('FILE_IS_IMAGE').waitFor()
  })

  it('are tried: what would the oracle say here?', async () => {
    await goTo('26°56′09.2″N 75°55′25″E')
    await tapMap({ page, tool: 'Test a point', spots: [{ right: 90, down: 0 }] })
    const table = page.getByRole('table', { name: /^What the oracle would say at/ })
    await table.waitFor()
    const answers = await table
      .getByRole('row')
      .evaluateAll((rows) => rows.slice(1).map((row) => row.querySelectorAll('td')[1]?.textContent))
    expect(answers[0]).to.equal('Yes')
    expect(answers).to.have.length(4)
    const field = page.getByLabel('Test a point: what would the oracle say?')
    await field.fill('26.94, 75.94')
    await field.press('Enter')
    await table.getByText('Outside every site.').first().waitFor()
  })

  it('are saved, loaded again to the same hash, and promised on the chain', async () => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the geofence' }).click(),
    ])
    saved = fs.readFileSync(await file.path(), 'utf8')
    for (const number of [3, 2, 1]) {
      await remove(number)
    }
    await dropPlaces({ page, name: 'lunch.geofence.json', content: saved })
    await named(3).waitFor()
    wallet.prompts.length = 0
    await page.getByLabel('Name', { exact: true }).fill('Lunch')
    await page.getByRole('button', { name: 'Make the campaign' }).click()
    await page
      .getByRole('region', { name: 'Campaigns' })
      .getByRole('heading', { name: 'Lunch' })
      .waitFor()
    expect(wallet.prompts).to.deep.equal(['send'])
    const provider = localProvider(world.chain.rpcUrl)
    try {
      const contract = new Contract(book, couponBookAbi, provider)
      const { geofenceHash, sites: count } = await contract.getFunction('campaign').staticCall(1)
      expect(geofenceHash).to.equal(hashGeofence(JSON.parse(saved) as GeofenceDocument))
      expect(count).to.equal(3n)
    } finally {
      provider.destroy()
    }
  })

  it('are copied from another campaign of the book', async () => {
    for (const number of [3, 2, 1]) {
      await remove(number)
    }
    await page.getByRole('button', { name: 'Copy its places' }).click()
    await named(3).waitFor()
    expect(await named(3).inputValue()).to.equal('Kitchen')
  })

  it('are on a page in which axe finds nothing, light or dark', async () => {
    await expectAccessible(page)
    expect(page.complaints).to.deep.equal([])
  })
})
