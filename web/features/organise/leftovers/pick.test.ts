import { idOf, FIRST_STANDBY_SHARD, serialAt } from '@coupon-secure/protocol/coupon'
import { expect } from 'chai'
import { allUnused, pickCoupons, readHolders } from './pick.ts'
import { standingsOf } from './shard-states.ts'

const place = {
  chainId: 31337,
  book: '0x22962f573256D13222749Ad5cB8C86a96eB4955E',
  campaignId: 1n,
} as const
const ann = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const bob = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const eve = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
const word = (bits: bigint) => ({ used: (1n << 255n) | bits, revoked: 0n })
const standings = standingsOf([
  // Seat 1 is redeemed, seat 2 revoked.
  { campaignId: 1n, index: 0n, holders: [ann, ann, bob], root: '0x', ...word(0b110n), revoked: 0b100n }, // prettier-ignore
  { campaignId: 1n, index: 1n, holders: [ann, bob], root: '0x', ...word(0n) },
  { campaignId: 1n, index: FIRST_STANDBY_SHARD, holders: [ann], root: '0x', ...word(0n) },
])
const pick = (text: string) => {
  const { coupons, problems } = pickCoupons({ text, standings, place })
  return {
    serials: coupons.map(({ serial }) => serial),
    problems: problems.map(({ entry, code }) => `${entry} ${code}`),
  }
}

describe('standingsOf', () => {
  it('says of every seat whose it is and where it stands', () => {
    expect(standings.map(({ serial, standing }) => [serial, standing])).to.deep.equal([
      ...[0n, 1n, 2n].map((serial, seat) => [serial, ['unused', 'redeemed', 'revoked'][seat]]),
      ...[256n, 257n].map((serial) => [serial, 'unused']),
      [serialAt({ shard: FIRST_STANDBY_SHARD, seat: 0 }), 'unused'],
    ])
  })
})

describe('pickCoupons', () => {
  it('takes serials, printed ids and holders, however they are set apart, by serial', () => {
    const id = idOf({ ...place, serial: 256n })
    expect(pick(`257, 0;\n${id.toUpperCase()}`)).to.deep.equal({
      serials: [0n, 256n, 257n],
      problems: [],
    })
    const standby = serialAt({ shard: FIRST_STANDBY_SHARD, seat: 0 })
    expect(pick(ann.toLowerCase()).serials).to.deep.equal([0n, 256n, standby])
    expect(pick('').serials).to.deep.equal([])
  })

  it('says of everything else why it does not count', () => {
    expect(pick(`1 2 3 hello ${eve} ${ann.replace('C5', 'c5')}`)).to.deep.equal({
      serials: [],
      problems: [
        '1 ALREADY_REDEEMED',
        '2 ALREADY_REVOKED',
        '3 COUPON_UNKNOWN',
        'hello ENTRY_UNKNOWN',
        `${eve} HOLDER_UNKNOWN`,
        `${ann.replace('C5', 'c5')} ADDRESS_CHECKSUM`,
      ],
    })
    const unknown = '0f8fad5b-d9cb-5c3f-a165-70867728950e'
    expect(pick(unknown).problems).to.deep.equal([`${unknown} COUPON_UNKNOWN`])
  })

  it('counts once what is listed twice, and says so', () => {
    expect(pick('0 0')).to.deep.equal({ serials: [0n], problems: ['0 LISTED_TWICE'] })
    expect(pick(`257 ${bob}`)).to.deep.equal({ serials: [257n], problems: [`${bob} LISTED_TWICE`] })
  })
})

describe('allUnused', () => {
  it('leaves out what is used, taken back, or standby', () => {
    expect(allUnused(standings).map(({ serial }) => serial)).to.deep.equal([0n, 256n, 257n])
  })
})

describe('readHolders', () => {
  it('keeps the order and repeats, and names what is no address', () => {
    const zero = `0x${'0'.repeat(40)}`
    const { holders, problems } = readHolders(`${bob}\n${ann}, ${bob} 12 ${zero}`)
    expect(holders).to.deep.equal([bob, ann, bob])
    expect(problems.map(({ entry, code }) => `${entry} ${code}`)).to.deep.equal([
      '12 ENTRY_UNKNOWN',
      `${zero} ENTRY_UNKNOWN`,
    ])
  })
})
