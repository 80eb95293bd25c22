import { expect } from 'chai'
import { keccak256, toHex } from 'viem'
import { startPhoneWallet, type PhoneWallet } from '../e2e/phone-wallet.ts'
import { PROJECT_ID, startWalletRelay, type WalletRelay } from '../e2e/wallet-relay.ts'
import { openPhoneLink, type PhoneLink } from './wallet-connect-link.ts'
import { hasCancelled, type PhoneQuestion } from './wallet-connect-state.ts'
import { phoneLinkStorage } from './wallet-connect-storage.ts'

const KEYS = ['one', 'two'].map((name) => keccak256(toHex(name)))
const CHAIN = 31337
const typedData = JSON.stringify({
  domain: { name: 'Coupon Secure', chainId: CHAIN },
  types: { Redeem: [{ name: 'serial', type: 'uint256' }] },
  primaryType: 'Redeem',
  message: { serial: '7' },
})

describe('a line to the wallet on a phone', function () {
  this.timeout(60_000)
  let relay: WalletRelay
  let wallet: PhoneWallet
  let link: PhoneLink
  let questions: (PhoneQuestion | undefined)[]
  let changes: number
  let goings: number

  const open = async (more: { projectId?: string; relayMs?: number } = {}) => {
    link = await openPhoneLink({
      settings: { projectId: more.projectId ?? PROJECT_ID, relayUrl: relay.url },
      chainId: CHAIN,
      origin: 'https://coupons.example',
      storage: phoneLinkStorage(() => {
        throw new Error('Blocked.')
      }),
      ...(more.relayMs !== undefined && { relayMs: more.relayMs }),
      onChange: () => (changes += 1),
      onGone: () => (goings += 1),
      onQuestion: (question) => questions.push(question),
    })
  }
  const start = async ({ chainIds }: { chainIds: readonly number[] }) => {
    wallet = await startPhoneWallet({
      ...{ relayUrl: relay.url, keys: KEYS, chainIds, rpcUrl: 'http://127.0.0.1:1' },
    })
  }
  const pair = async () => {
    const signal = new AbortController().signal
    await link.pair({ onCode: ({ uri }) => void wallet.pair(uri), signal })
  }
  const sign = () =>
    link.ask({ method: 'eth_signTypedData_v4', params: [wallet.address, typedData] })
  const codeOf = async (deed: Promise<unknown>) =>
    deed.then(
      () => 'done',
      (error: unknown) => (error as { code: unknown }).code,
    )

  before(async () => {
    process.env.DISABLE_GLOBAL_CORE = 'true' // each test has a line of its own
    relay = await startWalletRelay()
  })
  beforeEach(async () => {
    questions = []
    changes = 0
    goings = 0
    await start({ chainIds: [CHAIN] })
    await open()
  })
  afterEach(async () => {
    relay.beLate(0)
    await link.close()
    await wallet.close()
  })
  after(async () => {
    delete process.env.DISABLE_GLOBAL_CORE
    await relay.close()
  })

  it('connects, has something signed, and lets go', async () => {
    await pair()
    expect(link.accounts()).to.deep.equal(wallet.accounts())
    expect(link.network()).to.equal(CHAIN)
    expect(await sign()).to.match(/^0x[0-9a-f]{130}$/)
    expect(wallet.prompts).to.deep.equal(['connect', 'sign'])
    expect(questions.map((question) => question?.wallet)).to.deep.equal(['Phone wallet', undefined])
    expect(questions[0]?.link).to.equal('walkwallet://')
    await link.leave()
    expect(link.accounts()).to.deep.equal([])
    expect(await codeOf(sign())).to.equal('PHONE_WALLET_GONE')
    await until(() => wallet.sessions().length === 0)
  })

  it('asks for no more than this app needs', async () => {
    await pair()
    const [session] = wallet.sessions()
    expect(session?.requiredNamespaces).to.deep.equal({})
    expect(session?.optionalNamespaces).to.deep.equal({
      eip155: {
        chains: [`eip155:${CHAIN}`],
        methods: ['eth_sendTransaction', 'eth_signTypedData_v4'],
        events: ['accountsChanged', 'chainChanged'],
      },
    })
    expect(session?.peer.metadata.url).to.equal('https://coupons.example')
  })

  it('tells the relay neither what is asked, nor of which contract, nor where', async () => {
    await pair()
    relay.told.length = 0
    await sign()
    const published = relay.told.filter(({ method }) => method === 'irn_publish')

    const ours = published.filter(({ values }) => values.includes('"tag":1108')) // a session’s requests
    expect(ours.length).to.equal(1)
    for (const { values } of ours) {
      expect(values).not.to.match(/eth_|eip155|0x|31337/)
    }
  })

  it('passes a no on as every wallet says it', async () => {
    wallet.answers = ['reject']
    expect(await codeOf(pair())).to.equal(4001)
    wallet.answers = ['approve', 'reject']
    await pair()
    expect(await codeOf(sign())).to.equal(4001)
    expect(await sign()).to.match(/^0x/)
  })

  it('hears of another account, and of none that it was not shown', async () => {
    await pair()
    const [one, two] = wallet.accounts()
    await wallet.become(1)
    await until(() => link.accounts()[0] === two)
    expect(changes).to.be.greaterThan(0)
    await wallet.tell([`eip155:${CHAIN}:${one}`])
    await until(() => link.accounts()[0] === one)
    await wallet.tell(['0x00000000000000000000000000000000000000aa'])
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(link.accounts()[0]).to.equal(one)
  })

  it('notices that the wallet has ended it, also while it is being asked', async () => {
    await pair()
    wallet.answers = ['wait']
    const asked = codeOf(sign())
    await wallet.hasAsked('sign')
    await wallet.forget()
    expect(await asked).to.equal('PHONE_WALLET_GONE')
    await until(() => goings === 1)
    expect(questions.at(-1)).to.equal(undefined)
  })

  it('asks a wallet nothing that did not allow the network', async () => {
    await wallet.close()
    await start({ chainIds: [1] })
    await pair()
    expect(link.network()).to.equal(1)
    expect(await codeOf(sign())).to.equal('PHONE_NETWORK_MISSING')
    expect(wallet.prompts).to.deep.equal(['connect'])
  })

  it('stops waiting for an answer when it is told to', async () => {
    await pair()
    wallet.answers = ['wait']
    const asked = codeOf(sign())
    await wallet.hasAsked('sign')
    questions.at(-1)?.leave()
    expect(await asked).to.equal('PHONE_WALLET_LEFT')
  })

  it('refuses a yes to a code that nobody waits for any more', async () => {
    const stop = new AbortController()
    wallet.answers = ['wait']
    const pairing = link.pair({
      onCode: ({ uri }) => void wallet.pair(uri),
      signal: stop.signal,
    })
    await wallet.hasAsked('connect')
    stop.abort()
    expect(hasCancelled(await pairing.catch((error: unknown) => error))).to.equal(true)
    relay.told.length = 0
    wallet.goOn()
    await until(() => relay.told.some(({ method }) => method === 'wc_approveSession'))
    await until(() => wallet.sessions().length === 0)
    expect(link.accounts()).to.deep.equal([])
  })

  describe('where the relay', () => {
    it('is away, says so and can be tried again', async () => {
      await link.close()
      await relay.leave()
      await open({ relayMs: 500 })
      expect(await codeOf(pair())).to.equal('PHONE_RELAY_AWAY')
      await relay.comeBack()
      await link.close()
      await open()
      await pair()
    })

    it('goes away before a question, says so and takes the wallet’s name away', async () => {
      await link.close()
      await open({ relayMs: 2_000 })
      await pair()
      await relay.leave()
      expect(await codeOf(sign())).to.equal('PHONE_RELAY_AWAY')
      expect(questions.at(-1)).to.equal(undefined)
      await relay.comeBack()
    })

    it('drops the line, or is late: goes on', async () => {
      await pair()
      relay.beLate(300)
      relay.drop()
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(await sign()).to.match(/^0x/)
    })

    it('does not know the project: says that it does not answer', async () => {
      await link.close()
      await open({ projectId: 'f'.repeat(32), relayMs: 500 })
      expect(await codeOf(pair())).to.equal('PHONE_RELAY_AWAY')
      await until(() => relay.refused.length > 0)
    })
  })
})

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`Never: ${String(holds)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
