import { expect } from 'chai'
import { phoneLinkStorage } from './wallet-connect-storage.ts'

class FakeStorage implements Storage {
  readonly texts = new Map<string, string>()
  isFull = false
  get length() {
    return this.texts.size
  }
  key = (index: number) => Array.from(this.texts.keys())[index] ?? null
  getItem = (key: string) => this.texts.get(key) ?? null
  setItem = (key: string, text: string) => {
    if (this.isFull) throw new DOMException('Full.', 'QuotaExceededError')
    this.texts.set(key, text)
  }
  removeItem = (key: string) => void this.texts.delete(key)
  clear = () => this.texts.clear()
}

describe('what a line to a phone keeps', () => {
  let browser: FakeStorage
  beforeEach(() => {
    browser = new FakeStorage()
    browser.setItem('coupon-secure.wallet', 'x')
  })

  for (const [name, isThere] of [
    ['a browser that allows it', true],
    ['a browser that does not', false],
  ] as const) {
    it(`is found again in ${name}, and nothing else`, async () => {
      const storage = phoneLinkStorage(() => {
        if (!isThere) throw new DOMException('No.', 'SecurityError')
        return browser
      })
      await storage.setItem('a', { b: [1] })
      await storage.setItem('c', 2)
      expect(await storage.getItem('a')).to.deep.equal({ b: [1] })
      expect(await storage.getEntries()).to.deep.equal([
        ['a', { b: [1] }],
        ['c', 2],
      ])
      await storage.removeItem('a')
      expect(await storage.getItem('a')).to.equal(undefined)
      expect(await storage.getKeys()).to.deep.equal(['c'])
    })
  }

  it('is here where the browser is full, and in the browser once it is not', async () => {
    const storage = phoneLinkStorage(() => browser)
    await storage.setItem('a', 1)
    browser.isFull = true
    await storage.setItem('a', 2)
    expect(await storage.getItem('a')).to.equal(2)
    browser.isFull = false
    await storage.setItem('a', 3)
    expect(await phoneLinkStorage(() => browser).getItem('a')).to.equal(3)
  })
})
