import { expect } from 'chai'
import { NextRequest } from 'next/server.js'
import { config, proxy } from '../proxy.ts'

describe('the proxy’s matcher', () => {
  const [matcher = ''] = config.matcher
  const isMatched = (path: string) => new RegExp(`^${matcher}$`).test(path)

  for (const path of [
    '/',
    '/c',
    '/redeem/0x1',
    '/audit/a.json',
    '/redeem/x.png',
    '/service-worker.js',
  ]) {
    it(`gives ${path} its content security policy`, () => {
      expect(isMatched(path)).to.equal(true)
    })
  }
  for (const path of [
    '/icon.svg',
    '/icon-192.png',
    '/manifest.webmanifest',
    '/_next/static/chunks/a.js',
  ]) {
    it(`leaves ${path} as it is`, () => {
      expect(isMatched(path)).to.equal(false)
    })
  }
})

describe('the proxy', () => {
  const policyOf = (path: string) =>
    proxy(new NextRequest(`https://coupons.example${path}`)).headers.get('content-security-policy')

  it('lets the map’s pictures in for organisers alone', () => {
    expect(policyOf('/organise/0x1')).to.contain(' https://tiles.openfreemap.org')
    for (const path of ['/', '/c', '/redeem/0x1', '/send', '/counter/0x1', '/audit/0x1']) {
      expect(policyOf(path)).not.to.contain('openfreemap')
    }
  })

  describe('where wallets on phones', () => {
    const env = process.env
    afterEach(() => {
      process.env = env
    })
    const connections = () => /connect-src ([^;]*)/.exec(policyOf('/redeem/0x1') ?? '')?.[1]

    it('are not configured: lets no relay in', () => {
      process.env = { ...env, WALLETCONNECT_PROJECT_ID: '', WALLETCONNECT_RELAY_URL: '' }
      expect(connections()).not.to.match(/wss?:/)
    })

    it('are configured: lets their relay in, to be spoken to alone', () => {
      const WALLETCONNECT_PROJECT_ID = 'a'.repeat(32)
      process.env = { ...env, WALLETCONNECT_PROJECT_ID }
      expect(connections()).to.match(/(^| )wss:\/\/relay\.walletconnect\.org$/)
      expect(policyOf('/redeem/0x1')?.match(/walletconnect/g)).to.have.length(1)
      process.env = {
        ...env,
        WALLETCONNECT_PROJECT_ID,
        WALLETCONNECT_RELAY_URL: 'ws://evil.example',
      }
      expect(connections()).not.to.contain('evil')
    })
  })
})
