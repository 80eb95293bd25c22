import { expect } from 'chai'
import { config } from '../proxy.ts'

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
