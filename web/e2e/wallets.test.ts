import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import type { Hex } from 'viem'
import { makeDemo, type Demo } from '../../scripts/demo.ts'
import { demoHolders, demoKey } from '../../scripts/demo-files.ts'
import { chooseCoupon, leave, seeCode, seeReceipt, sheetOf, useCoupon } from './holder.ts'
import { connect } from './organiser.ts'
import { MESS_HALL, openPage, openPhone } from './phone.ts'
import { becomeContract } from './smart-wallet.ts'
import { setStage } from './stage.ts'
import { injectWallet, type WalletKind, walletName } from './wallet.ts'
import type { WalkWorld } from './world.ts'

const CONNECTED = /^Wallet 0x/

describe('the wallets of holders', function () {
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

  /** A phone with these wallets, on the demo book's page. */
  const openWith = async (...wallets: ({ key: Hex } & WalletKind)[]) => {
    const context = await openPhone({ browser })
    const { rpcUrl } = world.chain
    const injected = []
    for (const { key, ...kind } of wallets) {
      injected.push(await injectWallet({ context, key, rpcUrl, chainId: LOCAL_CHAIN_ID, kind }))
    }
    const page = await openPage(context)
    await page.goto(`${world.web.url}/redeem/${demo.book}`)
    return { page, wallets: injected }
  }
  /** One wallet, connected. */
  const openPocket = async (kind: { key: Hex } & WalletKind) => {
    const { page, wallets } = await openWith(kind)
    await connect(page)
    await page.getByRole('button', { name: 'Use this coupon: Lunch' }).waitFor()
    return { page, wallet: wallets[0]! }
  }

  describe('that a browser has', () => {
    it('are named, each of them, and only the one that was tapped is asked', async () => {
      const { page, wallets } = await openWith(
        { key: demoKey(31) },
        { key: demoKey(32), name: 'Other wallet' },
      )
      const list = page.getByRole('main')
      await list.getByRole('button', { name: 'Other wallet' }).click()
      await page.getByRole('button', { name: CONNECTED }).waitFor()
      expect(wallets.map(({ prompts }) => prompts)).to.deep.equal([[], ['connect']])
      await page.reload()
      await page.getByRole('button', { name: `Wallet ${demoHolders()[31]!.slice(0, 6)}` }).waitFor()
      expect(wallets.map(({ prompts }) => prompts)).to.deep.equal([[], ['connect']])
      await page.getByRole('button', { name: CONNECTED }).click()
      await page.getByRole('button', { name: 'Disconnect' }).click()
      await list.getByRole('button', { name: walletName }).waitFor()
      expect(page.complaints).to.deep.equal([])
    })

    it('may come late, and without a name, as in some wallets’ own browsers; also after a reload', async () => {
      const { page, wallets } = await openWith({
        key: demoKey(33),
        isNameless: true,
        lateBy: 1_200,
      })
      await page
        .getByRole('main')
        .getByRole('button', { name: 'The wallet of this browser' })
        .click()
      await page.getByRole('button', { name: 'Use this coupon: Lunch' }).waitFor()
      await page.reload()
      await page.getByRole('button', { name: 'Use this coupon: Lunch' }).waitFor()
      expect(wallets[0]!.prompts).to.deep.equal(['connect'])
    })

    it('may decline to connect, which is said, and be asked again', async () => {
      const { page, wallets } = await openWith({ key: demoKey(34) })
      wallets[0]!.answers = ['reject']
      const list = page.getByRole('main')
      await list.getByRole('button', { name: walletName }).click()
      await seeCode({ place: list, code: 'SIGNATURE_REJECTED' })
      await connect(page)
    })

    it('may be the demo’s public accounts, which are kept and let go of again', async () => {
      const { page } = await openWith()
      const choice = page.getByLabel('Demo accounts – local chain only')
      for (const label of ['Attendee 049', 'Attendee 050']) {
        await choice.selectOption({ label })
        await page.getByRole('button', { name: 'Use this coupon: Lunch' }).waitFor()
      }
      await page.reload()
      const name = `Wallet ${demoHolders()[49]!.slice(0, 6)}`
      await page.getByRole('button', { name }).waitFor()
      await choice.selectOption({ label: 'None' })
      await page.getByRole('heading', { name: 'Whose coupons?' }).waitFor()
      expect(page.complaints).to.deep.equal([])
    })

    it('are no business of who has none: nothing of their code is loaded', async () => {
      const { page } = await openWith()
      await page.getByRole('heading', { name: 'Campus hackathon' }).waitFor()
      const texts = await page.evaluate(() =>
        Promise.all(
          performance
            .getEntriesByType('resource')
            .filter(({ name }) => name.includes('/_next/static/chunks/'))
            .map(async ({ name }) => (await fetch(name)).text()),
        ),
      )
      expect(texts.length).to.be.greaterThan(5)
      expect(texts.some((text) => text.includes('wallet_switchEthereumChain'))).to.equal(false)
    })
  })

  describe('that change while a coupon is being used', () => {
    it('to another account without a word: nothing is signed as the other, and it goes on when changed back', async () => {
      const { page, wallet } = await openPocket({ key: demoKey(35) })
      wallet.onYes = async (prompt) => {
        if (prompt !== 'sign') return
        wallet.isMute = true // signed in, and changed before the redemption is sent
        await wallet.become(demoKey(36))
      }
      const sheet = await useCoupon({ page, campaign: 'Lunch' })
      await seeCode({ place: sheet, code: 'ACCOUNT_CHANGED' })
      expect(wallet.prompts).to.deep.equal(['connect', 'sign'])
      await wallet.become(demoKey(35))
      await sheet.getByRole('button', { name: 'Go on and confirm' }).click()
      await seeReceipt({ sheet, title: 'Coupon used' })
      expect(wallet.prompts).to.deep.equal(['connect', 'sign', 'send'])
    })

    it('to another account, and tell: the other’s coupons are shown, and nothing was sent', async () => {
      const { page, wallet } = await openPocket({ key: demoKey(37) })
      wallet.onYes = async (prompt) => {
        if (prompt === 'sign') await wallet.become(demoKey(38))
      }
      const sheet = await useCoupon({ page, campaign: 'Lunch' })
      await page.getByText('Your wallet’s account has changed').waitFor()
      await sheet.waitFor({ state: 'hidden' })
      await page.getByRole('button', { name: 'Use this coupon: Lunch' }).waitFor()
      expect(wallet.prompts).to.deep.equal(['connect', 'sign'])
    })

    it('to another network without a word: it is asked to come back, and the coupon is used', async () => {
      const { page, wallet } = await openPocket({ key: demoKey(39) })
      wallet.onYes = async (prompt) => {
        wallet.isMute = prompt === 'sign'
        if (prompt === 'sign') await wallet.moveTo(1)
      }
      const sheet = await useCoupon({ page, campaign: 'Lunch' })
      await seeCode({ place: sheet, code: 'WRONG_NETWORK' })
      expect(wallet.prompts).to.deep.equal(['connect', 'sign'])
      await sheet.getByRole('button', { name: 'Switch to Local chain' }).click()
      await seeReceipt({ sheet, title: 'Coupon used' })
      expect(wallet.prompts).to.deep.equal(['connect', 'sign', 'switch', 'send'])
    })

    it('by being locked: that is said, and it goes on when it is open again', async () => {
      const { page, wallet } = await openPocket({ key: demoKey(40) })
      const sheet = await chooseCoupon({ page, campaign: 'Lunch' })
      wallet.isLocked = true
      await sheet.getByRole('button', { name: 'I am here – use it' }).click()
      await seeCode({ place: sheet, code: 'WALLET_LOCKED' })
      expect(wallet.prompts).to.deep.equal(['connect'])
      wallet.isLocked = false
      await sheet.getByRole('button', { name: 'Try again' }).click()
      await seeReceipt({ sheet, title: 'Coupon used' })
    })
  })

  describe('that are contracts (ERC-1271)', () => {
    const contractOf = (number: number) => demoHolders()[number - 1]!
    const own = ({ contract, owner }: { contract: Hex; owner: number }) =>
      becomeContract({
        rpcUrl: world.chain.rpcUrl,
        address: contract,
        owner: demoHolders()[owner - 1]!,
      })

    it('sign in and sign the redemption by their owner, and the relayer sends it', async () => {
      const contract = contractOf(41)
      await own({ contract, owner: 42 })
      const { page, wallet } = await openPocket({ key: demoKey(42), contract })
      const sheet = await useCoupon({ page, campaign: 'Lunch' })
      await seeReceipt({ sheet, title: 'Coupon used' })
      await leave(sheet)
      expect(wallet.prompts).to.deep.equal(['connect', 'sign', 'sign'])
      expect(page.complaints).to.deep.equal([])
    })

    it('are refused by the oracle once their owner is another', async () => {
      const contract = contractOf(43)
      await own({ contract, owner: 45 })
      const { page, wallet } = await openPocket({ key: demoKey(44), contract })
      const sheet = await useCoupon({ page, campaign: 'Lunch' })
      await seeCode({ place: sheet, code: 'SIGNATURE_INVALID' })
      expect(wallet.prompts).to.deep.equal(['connect', 'sign'])
    })

    it('are refused by the relayer where their owner changes after the oracle’s yes, and shown to nobody', async () => {
      const contract = contractOf(46)
      await own({ contract, owner: 47 })
      const { page, wallet } = await openPocket({ key: demoKey(47), contract })
      let signatures = 0
      wallet.onYes = async (prompt) => {
        signatures += prompt === 'sign' ? 1 : 0
        if (signatures === 2) await own({ contract, owner: 48 })
      }
      const sheet = await useCoupon({ page, campaign: 'Lunch' })
      await seeCode({ place: sheet, code: 'SIGNATURE_INVALID' })
      expect(await sheet.getByText('Signed. Now show this to the staff.').count()).to.equal(0)

      await own({ contract, owner: 47 }) // only now is it used, so it was not before
      const { longitude, latitude } = MESS_HALL // a fix is good for one claim
      await page.context().setGeolocation({ longitude: longitude + 1e-5, latitude, accuracy: 8 })
      await page.reload()
      const again = await useCoupon({ page, campaign: 'Lunch' })
      await seeReceipt({ sheet: again, title: 'Coupon used' })
      expect(await sheetOf({ page, campaign: 'Lunch' }).count()).to.equal(1)
    })
  })
})
