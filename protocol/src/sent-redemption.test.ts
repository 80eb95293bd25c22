import { expect } from 'chai'
import { encodeFunctionData, type Hex } from 'viem'
import { couponBookAbi } from './abi.ts'
import { packBatch } from './batch.ts'
import { itemsIn, redemptionIn } from './sent-redemption.ts'

const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const counter = '0x825cc5DcC5CB41028e011331F073b5F02C2e3CcA'
const holder = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5'
const word = (byte: string) => `0x${byte.repeat(32)}` as const
const node = `0x${'5a'.repeat(20)}` as const
const abi = couponBookAbi
const coupon = { campaignId: 1n, serial: 2n }
const statementOf = (byte: string) => ({
  r: word(byte),
  vs: word('11'),
  geofenceHash: word('22'),
  observedAt: 100n,
  validUntil: 400n,
  evidenceHash: word('33'),
})
const statement = statementOf('5a')

const redeem = ({ serial = 2n, statements = [statement] } = {}) =>
  encodeFunctionData({
    abi,
    functionName: 'redeem',
    args: [1n, serial, statements, 1, node],
  })
const itemOf = ({
  serial,
  statements = [],
  nodes = 0,
}: {
  serial: bigint
  statements?: (typeof statement)[]
  nodes?: number
}) => ({
  serial,
  statements,
  deadline: 500n,
  signature: `0x${'01'.repeat(64)}` as const,
  proof: Array.from({ length: nodes }, () => node),
})
const items = [
  itemOf({ serial: 1n, statements: [statementOf('01')], nodes: 2 }),
  itemOf({ serial: 2n, statements: [statementOf('02'), statementOf('03')] }),
  itemOf({ serial: 3n }),
  itemOf({ serial: (1n << 39n) + 5n, statements: [statementOf('04')], nodes: 8 }),
]
const batch = (packed: Hex = packBatch({ items, isSharing: false }).items) => {
  const { statements } = packBatch({ items })
  return encodeFunctionData({
    abi,
    functionName: 'redeemBatch',
    args: [1n, 1, packed, statements],
  })
}
const find = (input: Hex, serial = 2n) =>
  redemptionIn({ input, to: book, book, coupon: { ...coupon, serial } })

describe('redemptionIn', () => {
  it('finds what the holder sent', () => {
    expect(find(redeem())).to.deep.equal({
      kind: 'decoded',
      sentBy: 'holder',
      statements: [statement],
    })
    expect(find(redeem({ statements: [] }))).to.deep.include({ statements: [] })
  })

  it('finds what somebody else sent for the holder', () => {
    const input = encodeFunctionData({
      abi,
      functionName: 'redeemFor',
      args: [1n, 2n, [statement], 1, '0x', holder, 9n, '0x'],
    })
    expect(find(input)).to.deep.equal({
      kind: 'decoded',
      sentBy: 'somebody else',
      statements: [statement],
    })
  })

  it('finds each coupon of a batch with its own statements', () => {
    const firstsOf = (serial: bigint) => {
      const found = find(batch(), serial)
      if (found.kind === 'unreadable') expect.fail(`coupon ${serial} is not found`)
      expect(found.sentBy).to.equal('somebody else')
      return found.statements.map(({ r }) => r)
    }
    expect(firstsOf(1n)).to.deep.equal([word('01')])
    expect(firstsOf(2n)).to.deep.equal([word('02'), word('03')])
    expect(firstsOf(3n)).to.deep.equal([])
    expect(firstsOf((1n << 39n) + 5n)).to.deep.equal([word('04')])
  })

  it('finds it among several calls sent together', () => {
    const input = encodeFunctionData({
      abi,
      functionName: 'multicall',
      args: [[redeem({ serial: 7n, statements: [] }), redeem()]],
    })
    expect(find(input)).to.deep.include({ statements: [statement] })
  })

  const twice = packBatch({ items: [itemOf({ serial: 2n }), itemOf({ serial: 2n })] }).items
  for (const [name, call] of [
    ['another contract was called', { input: redeem(), to: counter }],
    ['a contract was made', { input: redeem(), to: null }],
    ['the call is not one of the book’s', { input: '0xdeadbeef', to: book }],
    ['the call is no call', { input: '0x', to: book }],
    ['the call is about another coupon', { input: redeem({ serial: 3n }), to: book }],
    ['the batch names it twice', { input: batch(twice), to: book }],
    ['the batch breaks off', { input: batch('0x0000000002'), to: book }],
  ] as const) {
    it(`says so when ${name}`, () => {
      expect(redemptionIn({ ...call, book, coupon })).to.deep.equal({ kind: 'unreadable' })
    })
  }
})

describe('itemsIn', () => {
  it('reads what is packed, nodes shared or not', () => {
    const counts = items.map(({ serial, statements }) => {
      return { serial, statementCount: statements.length }
    })
    for (const isSharing of [true, false]) {
      expect(itemsIn(packBatch({ items, isSharing }).items)).to.deep.equal(counts)
    }
  })
})
