import { expect } from 'chai'
import type { Address } from 'viem'
import { bookIn } from './book-reference.ts'
import { recentBooks, rememberBook, type Shelf } from './recent-books.ts'

const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'

describe('bookIn', () => {
  for (const [name, text] of [
    ['an address', book],
    ['an address in lower case', book.toLowerCase()],
    ['a link', `https://coupons.example/redeem/${book}?x=1`],
    ['a line of text', `our book is ${book}.`],
  ] as const) {
    it(`finds the book in ${name}`, () => {
      expect(bookIn(text)).to.deep.equal({ ok: true, book })
    })
  }

  for (const [name, text, code] of [
    ['nothing', '  ', 'BOOK_MISSING'],
    ['no address', 'hello', 'ADDRESS_INVALID'],
    ['a transaction hash', `0x${'ab'.repeat(32)}`, 'ADDRESS_INVALID'],
    ['a mistyped address', book.replace('573256D', '573256d'), 'ADDRESS_CHECKSUM'],
  ] as const) {
    it(`says ${code} for ${name}`, () => {
      const found = bookIn(text)
      expect(!found.ok && found.problem.code).to.equal(code)
    })
  }
})

describe('recentBooks', () => {
  const address = (digit: number): Address => `0x${String(digit).repeat(40)}`
  const shelf = (): Shelf => {
    const kept = new Map<string, string>()
    return {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, text) => kept.set(name, text),
    }
  }

  it('has the latest first, each once, five at most', () => {
    const kept = shelf()
    for (const digit of [1, 2, 3, 4, 5, 6, 2]) {
      rememberBook({ shelf: kept, chainId: 1, book: address(digit) })
    }
    expect(recentBooks({ shelf: kept, chainId: 1 })).to.deep.equal([2, 6, 5, 4, 3].map(address))
  })

  it('keeps chains apart, and reads nonsense as nothing', () => {
    const kept = shelf()
    rememberBook({ shelf: kept, chainId: 1, book: address(1) })
    expect(recentBooks({ shelf: kept, chainId: 2 })).to.deep.equal([])
    kept.setItem('coupon-secure.recent-books.1', '{oops')
    expect(recentBooks({ shelf: kept, chainId: 1 })).to.deep.equal([])
  })
})
