import { expect } from 'chai'
import { isStillGood, journalOf, type Note, prefixOf, type Shelf } from './journal.ts'

const pocket = {
  chainId: 31337,
  book: '0x22962f573256D13222749Ad5cB8C86a96eB4955E',
  holder: '0x337201b5882056C2404587bda79e8Bbd61FB0EB5',
} as const
const coupon = { campaignId: 2n, serial: 513n }
const word = `0x${'5a'.repeat(32)}` as const
const note: Note = {
  vouched: {
    site: 3,
    statements: [
      {
        r: word,
        vs: word,
        geofenceHash: word,
        observedAt: 1_800_000_000n,
        validUntil: 1_800_000_300n,
        evidenceHash: word,
      },
    ],
  },
}

function shelf(): Shelf & { all: Map<string, string> } {
  const all = new Map<string, string>()
  return {
    all,
    getItem: (name) => all.get(name) ?? null,
    setItem: (name, text) => all.set(name, text),
    removeItem: (name) => all.delete(name),
  }
}

describe('journalOf', () => {
  it('gives back what was noted, before and after the wallet has signed', () => {
    const journal = journalOf({ shelf: shelf(), pocket })
    journal.write({ coupon, note })
    expect(journal.read(coupon)).to.deep.equal(note)
    journal.write({ coupon, note: { ...note, hash: word } })
    expect(journal.read(coupon)).to.deep.equal({ ...note, hash: word })
  })

  it('keeps pockets and coupons apart', () => {
    const kept = shelf()
    journalOf({ shelf: kept, pocket }).write({ coupon, note })
    expect(journalOf({ shelf: kept, pocket }).read({ ...coupon, serial: 512n })).to.be.undefined
    const book = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
    expect(journalOf({ shelf: kept, pocket: { ...pocket, book } }).read(coupon)).to.be.undefined
    expect([...kept.all.keys()][0]).to.equal(`${prefixOf(pocket)}2.513`)
  })

  it('forgets', () => {
    const journal = journalOf({ shelf: shelf(), pocket })
    journal.write({ coupon, note })
    journal.forget(coupon)
    expect(journal.read(coupon)).to.be.undefined
  })

  for (const [name, text] of [
    ['no JSON', '{'],
    ['no object', '7'],
    ['a statement that is none', '{"site":1,"statements":[{"r":"0x"}]}'],
    ['no statements', '{"site":1}'],
  ] as const) {
    it(`reads ${name} as no note`, () => {
      const kept = shelf()
      kept.setItem(`${prefixOf(pocket)}2.513`, text)
      expect(journalOf({ shelf: kept, pocket }).read(coupon)).to.be.undefined
    })
  }

  it('goes on where the shelf is full', () => {
    const full = {
      ...shelf(),
      setItem: () => {
        throw new Error('full')
      },
    }
    expect(() => journalOf({ shelf: full, pocket }).write({ coupon, note })).not.to.throw()
  })
})

describe('isStillGood', () => {
  it('leaves the wallet and the block some time', () => {
    expect(isStillGood({ vouched: note.vouched, now: 1_800_000_200 })).to.be.true
    expect(isStillGood({ vouched: note.vouched, now: 1_800_000_255 })).to.be.false
  })
})
