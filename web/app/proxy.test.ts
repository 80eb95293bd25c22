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
})
