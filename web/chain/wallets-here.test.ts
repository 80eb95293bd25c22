import { expect } from 'chai'
import {
  injectedSoon,
  NAMELESS,
  type WalletHere,
  type WalletWindow,
  watchWallets,
} from './wallets-here.ts'

const icon = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>'

describe('watchWallets', () => {
  let window: EventTarget & WalletWindow
  let told: (readonly WalletHere[])[]
  let stop: () => void
  const ids = () => told.at(-1)?.map(({ id }) => id) ?? []
  const announce = (info: unknown) => {
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info } }))
  }
  const watch = () => {
    stop = watchWallets({ window, onChange: (wallets) => told.push(wallets) })
  }

  beforeEach(() => {
    window = new EventTarget()
    told = []
  })
  afterEach(() => stop())

  describe('given a browser with two wallets', () => {
    beforeEach(() => {
      window.addEventListener('eip6963:requestProvider', () => {
        announce({ rdns: 'one.example', name: 'One', icon: `\n${icon} ` })
        announce({ rdns: 'two.example', name: 'Two', icon: 'https://two.example/track.png' })
        announce({ rdns: 'one.example', name: 'One again' })
      })
      window.ethereum = {}
      watch()
    })

    it('has each of them once, by its own name, and the nameless one not at all', () => {
      expect(told.at(-1)).to.deep.equal([
        { id: 'one.example', name: 'One', icon },
        { id: 'two.example', name: 'Two' }, // no picture is fetched from anywhere
      ])
    })

    it('hears of nothing any more once it was stopped', () => {
      stop()
      announce({ rdns: 'three.example', name: 'Three' })
      expect(ids()).to.deep.equal(['one.example', 'two.example'])
    })
  })

  describe('given a wallet’s own browser, which brings the wallet late', () => {
    beforeEach(watch)

    it('has none at first', () => {
      expect(told).to.deep.equal([])
    })

    it('finds the one that announces itself then', () => {
      announce({ rdns: 'late.example', name: 'Late' })
      expect(ids()).to.deep.equal(['late.example'])
    })

    it('finds the nameless one when it says that it is there', () => {
      window.ethereum = {}
      window.dispatchEvent(new Event('ethereum#initialized'))
      expect(ids()).to.deep.equal([NAMELESS])
    })

    it('finds the nameless one that says nothing', async () => {
      window.ethereum = {}
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect(ids()).to.deep.equal([NAMELESS])
    })

    it('calls it by its name as soon as it has one', () => {
      window.ethereum = {}
      window.dispatchEvent(new Event('ethereum#initialized'))
      announce({ rdns: 'late.example', name: 'Late' })
      expect(ids()).to.deep.equal(['late.example'])
    })
  })

  for (const [name, info] of [
    ['nothing', undefined],
    ['no id', { name: 'Anonymous' }],
    ['an empty id', { rdns: '', name: 'Empty' }],
    ['no name', { rdns: 'mute.example' }],
  ] as const) {
    it(`passes over an announcement of ${name}`, () => {
      watch()
      announce(info)
      expect(told).to.deep.equal([])
    })
  }
})

describe('injectedSoon', () => {
  const isHereAfter = async (window: WalletWindow) => {
    await injectedSoon({ window })
    return window.ethereum !== undefined
  }

  it('takes the one that is there, waits for one that says when it comes, and for one that does not', async () => {
    expect(await isHereAfter(Object.assign(new EventTarget(), { ethereum: {} }))).to.equal(true)
    for (const isTold of [true, false]) {
      const window: WalletWindow = new EventTarget()
      setTimeout(() => {
        window.ethereum = {}
        if (isTold) window.dispatchEvent(new Event('ethereum#initialized'))
      }, 30)
      expect(await isHereAfter(window)).to.equal(true)
    }
  })

  it('gives up in the end', async function () {
    this.timeout(10_000)
    expect(await isHereAfter(new EventTarget())).to.equal(false)
  })
})
