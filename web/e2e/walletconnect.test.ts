import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { expect } from 'chai'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import type { Hex } from 'viem'
import { makeDemo, type Demo } from '../../scripts/demo.ts'
import { demoHolders, demoKey } from '../../scripts/demo-files.ts'
import { localAccount } from '../../scripts/local-chain.ts'
import { expectAccessible } from './axe.ts'
import { chooseCoupon, leave, seeCode, seeReceipt, useCoupon } from './holder.ts'
import { openLaptop } from './laptop.ts'
import { makeBook } from './organiser.ts'
import { type PhoneWallet, startPhoneWallet } from './phone-wallet.ts'
import { openPage, openPhone } from './phone.ts'
import { expectNoSidewaysScroll } from './spoken.ts'
import { setStage } from './stage.ts'
import { PROJECT_ID, startWalletRelay, type WalletRelay } from './wallet-relay.ts'

const ORGANISER = 1
const CONNECTED = /^Wallet 0x/
const PHONE_WALLET = 'Wallet on a phone (WalletConnect)'
const ASKS = 'Look at your wallet'

describe('a wallet on a phone (WalletConnect)', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  let relay: WalletRelay
  let demo: Demo
  let wallets: PhoneWallet[] = []
  const walletConnect = { projectId: PROJECT_ID, relayUrl: '' }

  before(async () => {
    relay = await startWalletRelay()
    walletConnect.relayUrl = relay.url // before the world opens
  })
  const stage = setStage({ isStory: false, walletConnect })
  before(async () => {
    const { chain, oracle } = stage.world
    const now = Math.floor(Date.now() / 1000)
    demo = await makeDemo({ rpcUrl: chain.rpcUrl, oracleUrl: oracle.url, now })
  })
  afterEach(async () => {
    await Promise.all(wallets.map((wallet) => wallet.close()))
    wallets = []
  })
  after(() => relay.close())

  const startWallet = async (...keys: Hex[]) => {
    const { rpcUrl } = stage.world.chain
    const wallet = await startPhoneWallet({
      ...{ relayUrl: relay.url, keys, rpcUrl, chainIds: [LOCAL_CHAIN_ID] },
    })
    wallets.push(wallet)
    return wallet
  }
  /** A page that speaks to nobody but us and the relay. */
  const watch = async (context: BrowserContext, path: string) => {
    const page = await openPage(context)
    const strangers: string[] = []
    const ours = [stage.world.web, stage.world.oracle, stage.world.relayer].map(({ url }) => url)
    const known = [...ours, stage.world.chain.rpcUrl, relay.url].map((url) => new URL(url).port)
    const look = (url: string) => {
      if (/^(data|blob):/.test(url) || known.includes(new URL(url).port)) return
      strangers.push(url)
    }
    page.on('request', (request) => look(request.url()))
    page.on('websocket', (socket) => look(socket.url()))
    page.on('console', (line) => {
      const isNoise = !['error', 'warning'].includes(line.type())
      if (!isNoise && /policy|walletconnect/i.test(line.text())) page.complaints.push(line.text())
    })
    await page.goto(`${stage.world.web.url}${path}`)
    return Object.assign(page, { strangers })
  }
  const openPocket = async () => watch(await openPhone(stage), `/redeem/${demo.book}`)
  /** Taps the wallet on a phone and answers what the page shows. */
  const codeOn = async (page: Page): Promise<string> => {
    await page.getByRole('main').getByRole('button', { name: PHONE_WALLET }).click()
    const link = page.getByRole('link', { name: 'Open the wallet on this device' })
    await link.waitFor()
    return (await link.getAttribute('href')) ?? ''
  }
  const connectBy = async ({ page, wallet }: { page: Page; wallet: PhoneWallet }) => {
    await wallet.pair(await codeOn(page))
    await page.getByRole('button', { name: CONNECTED }).waitFor()
  }
  const question = (page: Page): Locator => page.getByRole('dialog', { name: ASKS })

  it('signs in and uses a coupon, which the relayer sends; a reload keeps it, and letting go ends it there too', async () => {
    const wallet = await startWallet(demoKey(51))
    const page = await openPocket()
    const uri = await codeOn(page)
    expect(uri).to.match(/^wc:[0-9a-f]{64}@2\?/)
    await page.getByRole('img', { name: 'The code for your wallet' }).waitFor()
    await page.getByText(/^Good until/).waitFor()
    await expectAccessible(page)
    await expectNoSidewaysScroll(page)
    await wallet.pair(uri)
    await page.getByRole('button', { name: 'Use this coupon: Lunch' }).waitFor()

    await page.reload()
    await page.getByRole('button', { name: 'Use this coupon: Lunch' }).waitFor()
    expect(wallet.prompts).to.deep.equal(['connect'])

    wallet.answers = ['wait']
    const sheet = await useCoupon({ page, campaign: 'Lunch' })
    const link = question(page).getByRole('link', { name: 'Open Phone wallet' })
    expect(await link.getAttribute('href')).to.equal('walkwallet://')
    await question(page).getByText('Phone wallet shows what you are to confirm.').waitFor()
    await expectAccessible(page)
    wallet.goOn()
    await seeReceipt({ sheet, title: 'Coupon used' })
    await leave(sheet)
    expect(wallet.prompts[0]).to.equal('connect')
    expect(wallet.prompts.slice(1).every((prompt) => prompt !== 'connect')).to.equal(true)

    await page.getByRole('button', { name: CONNECTED }).click()
    await page.getByRole('button', { name: 'Disconnect' }).click()
    await page.getByRole('main').getByRole('button', { name: PHONE_WALLET }).waitFor()
    await expectSoon(() => wallet.sessions().length === 0)
    expect(page.strangers).to.deep.equal([])
    expect(page.complaints).to.deep.equal([])
  })

  it('may say no, to connecting and to signing, and be asked again', async () => {
    const wallet = await startWallet(demoKey(52))
    const page = await openPocket()
    wallet.answers = ['reject']
    await wallet.pair(await codeOn(page))
    await seeCode({ place: page.getByRole('main'), code: 'SIGNATURE_REJECTED' })
    wallet.answers = ['approve', 'reject']
    await connectBy({ page, wallet })
    const sheet = await useCoupon({ page, campaign: 'Lunch' })
    await seeCode({ place: sheet, code: 'SIGNATURE_REJECTED' })
    await sheet.getByRole('button', { name: 'Try again' }).click()
    await seeReceipt({ sheet, title: 'Coupon used' })
    expect(page.complaints).to.deep.equal([])
  })

  it('may end it: the page says so, and offers every wallet again', async () => {
    const wallet = await startWallet(demoKey(53))
    const page = await openPocket()
    await connectBy({ page, wallet })
    wallet.answers = ['wait']
    const sheet = await chooseCoupon({ page, campaign: 'Lunch' })
    await sheet.getByRole('button', { name: 'I am here – use it' }).click()
    await question(page).waitFor()
    await wallet.forget()
    await question(page).waitFor({ state: 'hidden' })
    await page.getByRole('main').getByRole('button', { name: PHONE_WALLET }).waitFor()
    await connectBy({ page, wallet })
    expect(page.complaints).to.deep.equal([])
  })

  it('may keep one waiting, who can stop', async () => {
    const wallet = await startWallet(demoKey(54))
    const page = await openPocket()
    await connectBy({ page, wallet })
    wallet.answers = ['wait']
    const sheet = await useCoupon({ page, campaign: 'Lunch' })
    await wallet.hasAsked('sign')
    await question(page).getByRole('button', { name: 'Stop waiting' }).click()
    await seeCode({ place: sheet, code: 'PHONE_WALLET_LEFT' })
    await sheet.getByRole('button', { name: 'Try again' }).click()
    wallet.goOn() // the first question is answered too late, to nobody
    await seeReceipt({ sheet, title: 'Coupon used' })
  })

  it('may change the account: the other’s coupons are shown', async () => {
    const wallet = await startWallet(demoKey(55), demoKey(56))
    const page = await openPocket()
    await connectBy({ page, wallet })
    await page.getByRole('button', { name: 'Use this coupon: Lunch' }).waitFor()
    await wallet.become(1)
    const name = `Wallet ${demoHolders()[55]!.slice(0, 6)}`
    await page.getByRole('button', { name }).waitFor()
    await page.getByText('Your wallet’s account has changed').waitFor()
    await page.reload()
    await page.getByRole('button', { name }).waitFor()
  })

  it('is not waited for where the relay is away, which is said; once it is back, it connects', async () => {
    const wallet = await startWallet(demoKey(57))
    const page = await openPocket()
    await relay.leave()
    const list = page.getByRole('main')
    await list.getByRole('button', { name: PHONE_WALLET }).click()
    await list.getByText('Asking the relay for a code').waitFor()
    await list.getByRole('button', { name: 'Cancel' }).click()
    await list.getByRole('button', { name: PHONE_WALLET }).click()
    await seeCode({ place: list, code: 'PHONE_RELAY_AWAY' })
    await relay.comeBack()
    await connectBy({ page, wallet })
    expect(page.complaints).to.deep.equal([])
  })

  it('signs and sends an organiser’s transactions', async () => {
    const wallet = await startWallet(localAccount(ORGANISER).privateKey as Hex)
    const page = await watch(await openLaptop(stage), '/organise')
    await connectBy({ page, wallet })
    await makeBook({ page, name: 'Book by phone' })
    expect(wallet.prompts).to.deep.equal(['connect', 'send'])
    await page.getByRole('heading', { name: 'Book by phone' }).first().waitFor()
    expect(page.strangers).to.deep.equal([])
    expect(page.complaints).to.deep.equal([])
  })
})

async function expectSoon(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!holds() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50))
  expect(holds()).to.equal(true)
}
