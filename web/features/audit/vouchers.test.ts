import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { expect } from 'chai'
import { encodeFunctionData } from 'viem'
import { vouchersIn } from './vouchers.ts'

const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const witness = '0x825cc5DcC5CB41028e011331F073b5F02C2e3CcA'
const word = `0x${'5a'.repeat(32)}` as const
const statement = {
  witness,
  observedAt: 100n,
  validUntil: 400n,
  evidenceHash: word,
  r: word,
  vs: word,
} as const
const input = encodeFunctionData({
  abi: couponBookAbi,
  functionName: 'redeem',
  args: [{ campaignId: 1n, serial: 2n }, [word], 1, [statement]],
})

describe('vouchersIn', () => {
  it('says who vouched, when, and for which evidence', () => {
    const found = vouchersIn({ input, to: book, book })
    expect(found).to.deep.equal({ kind: 'decoded', sentBy: 'holder', vouchers: [statement] })
  })

  it('finds nobody where no statement was needed', () => {
    const bare = encodeFunctionData({
      abi: couponBookAbi,
      functionName: 'redeem',
      args: [{ campaignId: 1n, serial: 2n }, [], 0, []],
    })
    expect(vouchersIn({ input: bare, to: book, book })).to.deep.include({ vouchers: [] })
  })

  for (const [name, call] of [
    ['another contract was called', { input, to: witness }],
    ['a contract was made', { input, to: null }],
    ['the call is not one of the book’s', { input: '0xdeadbeef', to: book }],
    ['the call is not a redemption', { input: '0x', to: book }],
  ] as const) {
    it(`says so when ${name}`, () => {
      expect(vouchersIn({ ...call, book })).to.deep.equal({ kind: 'unreadable' })
    })
  }
})
