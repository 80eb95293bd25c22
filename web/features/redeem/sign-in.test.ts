import { hashClaim } from '@coupon-secure/protocol/presence'
import { expect } from 'chai'
import { hexToBytes, verifyTypedData } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { authorise, findSignIn, type SignIn, signIn, type SignInStore, signOut } from './sign-in.ts'

const NOW = 1_800_000_000
const wallet = privateKeyToAccount(generatePrivateKey())
const pocket = {
  chainId: 31337,
  book: '0x22962f573256D13222749Ad5cB8C86a96eB4955E',
  holder: wallet.address,
} as const
const claim = {
  campaignId: 2n,
  serial: 7n,
  holder: wallet.address,
  challenge: `0x${'01'.repeat(32)}`,
  evidenceHash: `0x${'02'.repeat(32)}`,
} as const

function memory(): SignInStore {
  const kept = new Map<string, SignIn>()
  return {
    read: (name) => Promise.resolve(kept.get(name)),
    write: ({ name, signIn }) => Promise.resolve(void kept.set(name, signIn)),
    remove: (name) => Promise.resolve(void kept.delete(name)),
  }
}

function make(store: SignInStore) {
  return signIn({
    store,
    pocket,
    now: NOW,
    sign: (session) => wallet.signTypedData({ ...session, primaryType: 'Session' }),
  })
}

describe('signIn', () => {
  it('has the wallet allow a key that cannot leave the browser', async () => {
    const made = await make(memory())
    expect(made.privateKey.extractable).to.be.false
    expect(hexToBytes(made.publicKey)).to.have.lengthOf(65)
    expect(made.expiresAt - NOW).to.be.lessThan(7 * 86_400)
  })

  it('keeps nothing when the wallet is declined', async () => {
    const store = memory()
    const declined = signIn({
      store,
      pocket,
      now: NOW,
      sign: () => Promise.reject(new Error('no')),
    })
    expect(await declined.catch(() => 'declined')).to.equal('declined')
    expect(await findSignIn({ store, pocket, now: NOW })).to.be.undefined
  })
})

describe('findSignIn', () => {
  it('finds the sign-in of this holder in this book only', async () => {
    const store = memory()
    const made = await make(store)
    expect(await findSignIn({ store, pocket, now: NOW })).to.equal(made)
    const book = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
    expect(await findSignIn({ store, pocket: { ...pocket, book }, now: NOW })).to.be.undefined
  })

  it('finds none that is about to end, and none that was given up', async () => {
    const store = memory()
    const { expiresAt } = await make(store)
    expect(await findSignIn({ store, pocket, now: expiresAt - 60 })).to.be.undefined
    await signOut({ store, pocket })
    expect(await findSignIn({ store, pocket, now: NOW })).to.be.undefined
  })
})

describe('authorise', () => {
  it('signs the claim so that the oracle can check both the key and the holder', async () => {
    const made = await make(memory())
    const given = await authorise({ signIn: made, pocket, claim })
    if (given.kind !== 'session') throw new Error('a session was expected')

    const key = await crypto.subtle.importKey(
      'raw',
      new Uint8Array(hexToBytes(given.publicKey)),
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['verify'],
    )
    const isKeys = await crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      key,
      new Uint8Array(hexToBytes(given.signature)),
      new Uint8Array(hexToBytes(hashClaim({ ...pocket, claim }))),
    )
    expect(isKeys).to.be.true

    const { domainOf, sessionTypes } = await import('@coupon-secure/protocol/presence')
    const { publicKey, expiresAt, holderSignature: signature } = given
    const isHolders = await verifyTypedData({
      address: wallet.address,
      domain: domainOf(pocket),
      types: sessionTypes,
      primaryType: 'Session',
      message: { holder: wallet.address, publicKey, expiresAt: BigInt(expiresAt) },
      signature,
    })
    expect(isHolders).to.be.true
  })
})
