import { expect } from 'chai'
import {
  accountsOf,
  accountsToldIn,
  networkOf,
  type PhoneSession,
  walletLinkOf,
  walletNameOf,
} from './wallet-connect-session.ts'

const one = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5'
const two = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'

function sessionOf(
  accounts: readonly string[],
  redirect?: PhoneSession['peer']['metadata']['redirect'],
): PhoneSession {
  const namespaces = { eip155: { accounts, methods: [] } }
  return { topic: 't', expiry: 1, namespaces, peer: { metadata: { name: 'W', redirect } } }
}

describe('a session of a wallet on a phone', () => {
  it('has the accounts that its wallet put there for the network, in that order', () => {
    const session = sessionOf([
      `eip155:1:${two}`,
      `eip155:10:${one.toLowerCase()}`,
      `eip155:10:${two}`,
    ])
    expect(accountsOf({ session, chainId: 10 })).to.deep.equal([one, two])
    expect(accountsOf({ session, chainId: 5 })).to.deep.equal([])
  })

  it('is on the wanted network where that is allowed, else on the first', () => {
    const session = sessionOf([`eip155:1:${two}`, `eip155:10:${one}`])
    expect(networkOf({ session, wanted: 10 })).to.equal(10)
    expect(networkOf({ session, wanted: 5 })).to.equal(1)
    expect(networkOf({ session: sessionOf([]), wanted: 5 })).to.equal(0)
  })

  it('takes no account that is none', () => {
    const odd = ['eip155:10:0x12', `eip155:x:${one}`, one, '', `solana:10:${one}`]
    expect(accountsOf({ session: sessionOf(odd), chainId: 10 })).to.deep.equal([])
    expect(accountsToldIn([`eip155:10:${one}`, two.toLowerCase(), 7, 'x'])).to.deep.equal([
      one,
      two,
    ])
    expect(accountsToldIn('0x')).to.deep.equal([])
  })

  it('is called what its wallet calls itself, without what would turn a sentence round', () => {
    const session = sessionOf([])
    session.peer.metadata.name = `Good\u202E\u0000 wallet${'!'.repeat(90)}`
    expect(walletNameOf(session)).to.match(/^Good wallet!{29}$/)
  })

  for (const [name, redirect, link] of [
    ['none', undefined, undefined],
    ['an app’s own scheme', { native: 'rainbow://' }, 'rainbow://'],
    ['https', { universal: 'https://rnbwapp.com' }, 'https://rnbwapp.com'],
    ['both', { native: 'trust://', universal: 'https://link.trust.example' }, 'trust://'],
    ['an unusable first', { native: '', universal: 'https://w.example' }, 'https://w.example'],
  ] as const) {
    it(`is opened by the link of its wallet: ${name}`, () => {
      expect(walletLinkOf(sessionOf([], redirect))).to.equal(link)
    })
  }

  for (const native of [
    'javascript:alert(1)',
    'javascript://%0aalert(1)',
    ' javascript://x',
    'JavaScript://x',
    'java\tscript://x',
    'data:text/html,x',
    'data://text/html,x',
    'vbscript://x',
    'file:///etc/passwd',
    'blob:https://coupons.example/x',
    'http://wallet.example',
    'intent://scan/#Intent;end',
    'tel://123',
    'sms://123',
    'about://blank',
    'view-source:https://x',
    'ws://127.0.0.1',
    'wallet:no-slashes',
    'wallet',
    `wallet://${'x'.repeat(300)}`,
    'wallet://\u202Etxt',
  ]) {
    it(`is not opened by ${JSON.stringify(native).slice(0, 40)}`, () => {
      expect(walletLinkOf(sessionOf([], { native }))).to.equal(undefined)
      expect(walletLinkOf(sessionOf([], { universal: native }))).to.equal(undefined)
    })
  }
})
