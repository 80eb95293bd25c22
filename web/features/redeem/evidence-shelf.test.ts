import { expect } from 'chai'
import { keepEvidence, keptEvidence } from './evidence-shelf.ts'

const pocket = {
  chainId: 31337,
  book: '0x22962f573256D13222749Ad5cB8C86a96eB4955E',
  holder: '0x337201b5882056C2404587bda79e8Bbd61FB0EB5',
} as const
const coupon = { campaignId: 2n, serial: 513n }

function shelf() {
  const all = new Map<string, string>()
  return {
    all,
    getItem: (name: string) => all.get(name) ?? null,
    setItem: (name: string, text: string) => all.set(name, text),
    removeItem: (name: string) => all.delete(name),
  }
}

describe('evidence shelf', () => {
  it('keeps each coupon and holder apart', () => {
    const of = { shelf: shelf(), pocket, coupon }
    keepEvidence({ ...of, said: { granted: true } })
    expect(keptEvidence(of)).to.deep.equal({ granted: true })
    expect(keptEvidence({ ...of, coupon: { ...coupon, serial: 1n } })).to.be.undefined
    const holder = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
    expect(keptEvidence({ ...of, pocket: { ...pocket, holder } })).to.be.undefined
  })

  it('reads what is no JSON as nothing', () => {
    const kept = shelf()
    keepEvidence({ shelf: kept, pocket, coupon, said: 1 })
    for (const name of kept.all.keys()) kept.all.set(name, '{')
    expect(keptEvidence({ shelf: kept, pocket, coupon })).to.be.undefined
  })

  it('goes on where the shelf is full', () => {
    const full = {
      ...shelf(),
      setItem: () => {
        throw new Error('full')
      },
    }
    expect(() => keepEvidence({ shelf: full, pocket, coupon, said: 1 })).not.to.throw()
  })
})
