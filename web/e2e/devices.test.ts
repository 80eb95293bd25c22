import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import type { Address, Hex } from 'viem'
import { fundHolders } from '../../scripts/demo.ts'
import { demoHolders, demoKey } from '../../scripts/demo-files.ts'
import { localAccount } from '../../scripts/local-chain.ts'
import { leave, seeCode, seeReceipt, sheetOf, useCoupon } from './holder.ts'
import { chooseList, issueList } from './issuer.ts'
import { connect, makeBook, makeCampaign } from './organiser.ts'
import { MESS_HALL, openPage, openPhone, STREET } from './phone.ts'
import { setStage } from './stage.ts'
import { injectWallet } from './wallet.ts'
import type { WalkWorld } from './world.ts'

const HOUR = 3600
const MANAGED = 'A managed device with HyperTrack’s app'

// One story, told in order: what one test leaves behind, the next one finds.
describe('managed devices', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: true, deviceAt: MESS_HALL })
  let world: WalkWorld
  let browser: Browser
  let book: Address
  let holder: Page & { complaints: string[] }

  before(async () => {
    ;({ browser, world } = stage)
    await fundHolders({ rpcUrl: world.chain.rpcUrl, holders: demoHolders() })
  })

  // The phone itself is in the street: whatever is granted here, another device was believed.
  const openWith = async (key: Hex) => {
    const context = await openPhone({ browser, place: STREET })
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
  const bind = async (handle: string) => {
    const sheet = sheetOf({ page: holder, campaign: 'Lunch' })
    await sheet.getByLabel('Your account in the tracking app').fill(handle)
    await sheet.getByRole('button', { name: 'Bind it to me' }).click()
    return sheet
  }

  it('are asked for by an organiser whose oracle has an account', async () => {
    const organiser = await openWith(localAccount(2).privateKey as Hex)
    await organiser.goto(`${world.web.url}/organise`)
    await connect(organiser)
    book = await makeBook({ page: organiser, name: 'Gathering with devices' })
    await organiser.getByLabel(MANAGED).check()
    await organiser.getByLabel('The position of their phone’s browser').uncheck()
    const now = Math.floor(Date.now() / 1000)
    const times = { opensAt: now - HOUR, closesAt: now + 2 * HOUR }
    await makeCampaign({ page: organiser, name: 'Lunch', ...times })
    await organiser.reload()
    await chooseList({ page: organiser, list: 'attendees.csv' })
    await issueList({ page: organiser, campaigns: ['Lunch'] })
    await organiser.context().close()
  })

  it('are the only ones believed then: the phone’s own position is not', async () => {
    holder = await openPocket(demoKey(1))
    const sheet = await useCoupon({ page: holder, campaign: 'Lunch' })
    await seeCode({ place: sheet, code: 'SOURCE_NOT_ACCEPTED' })
  })

  it('vouch for nobody while they report that their position is made up', async () => {
    const sheet = await bind('demo-location_mocked')
    await seeCode({ place: sheet, code: 'DEVICE_LOCATION_MOCKED' })
    await sheet.getByRole('button', { name: 'Unbind it' }).click()
    await sheet.getByLabel('Your account in the tracking app').waitFor()
  })

  it('are not there for an account that nobody has', async () => {
    const sheet = await bind('nobody-has-this-one')
    await seeCode({ place: sheet, code: 'WORKER_UNKNOWN' })
  })

  it('let a holder through whose device stands at the place', async () => {
    const sheet = await bind('demo-anna')
    await seeReceipt({ sheet, title: 'Coupon used' })
    await leave(sheet)
    expect(holder.complaints).to.deep.equal([])
  })

  it('stand for one person in a book at a time', async () => {
    await holder.context().close()
    holder = await openPocket(demoKey(2))
    const sheet = await useCoupon({ page: holder, campaign: 'Lunch' })
    await seeCode({ place: sheet, code: 'SOURCE_NOT_ACCEPTED' })
    await bind('demo-anna')
    await seeCode({ place: sheet, code: 'WORKER_TAKEN' })
  })
})
