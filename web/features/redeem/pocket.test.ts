import { couponsOf, FIRST_STANDBY_SHARD, shardsOfIssue } from '@coupon-secure/protocol/coupon'
import { expect } from 'chai'
import type { Campaign, Counters } from '../../chain/book-queries.ts'
import { inEnglish } from '../../words/english.ts'
import { isUsable, pocketOf, type Seats, seatsKey, type Whereabouts } from './pocket.ts'

const NOW = 1_800_000_000
const HOUR = 3_600
const HASH = `0x${'11'.repeat(32)}` as const
const holder = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5'
const COUNTERS: Counters = {
  issued: 10n,
  revoked: 0n,
  shards: 1n,
  standbyIssued: 2n,
  standbyRevoked: 0n,
  standbyShards: 1n,
  shardsCounted: 0n,
  leftForAll: 0n,
  isClosed: false,
}

function campaign(
  id: bigint,
  terms: Partial<Campaign['terms']> = {},
  pausedAt: number = 0,
): Campaign {
  return {
    id,
    name: `Meal ${id}`,
    details: '',
    pausedAt: BigInt(pausedAt),
    terms: {
      opensAt: BigInt(NOW - HOUR),
      closesAt: BigInt(NOW + HOUR),
      heldUntil: 0n,
      grace: 0n,
      supply: 10n,
      sites: 1,
      requiredWitnesses: 1,
      geofenceHash: HASH,
      ...terms,
    },
  }
}

function pocket({
  campaigns,
  seats = {},
  where,
  left,
  shard = 0n,
}: {
  campaigns: Campaign[]
  seats?: Record<number, Partial<Seats>>
  where?: Whereabouts
  left?: Pick<Counters, 'leftForAll' | 'shardsCounted'>
  shard?: bigint
}) {
  const coupons = couponsOf({
    shards: campaigns.flatMap(({ id }) =>
      shardsOfIssue({ campaignId: id, firstShard: shard, holders: [holder] }),
    ),
    holder,
  })
  return pocketOf({
    coupons,
    campaigns,
    seats: new Map(
      coupons.map((coupon) => [
        seatsKey(coupon),
        { used: 0n, revoked: 0n, ...seats[Number(coupon.campaignId)] },
      ]),
    ),
    counters: new Map(left ? campaigns.map(({ id }) => [id, { ...COUNTERS, ...left }]) : []),
    whereabouts: new Map(where ? [[HASH, where]] : []),
    now: NOW,
    zone: 'UTC',
    words: inEnglish,
  })
}

describe('pocketOf', () => {
  it('puts what can be used here and now first, then the rest in the order of its use', () => {
    const groups = pocket({
      campaigns: [
        campaign(1n, { closesAt: BigInt(NOW - 60) }),
        campaign(2n),
        campaign(3n, { opensAt: BigInt(NOW + 60) }),
        campaign(4n),
        campaign(5n),
        campaign(6n, { requiredWitnesses: 3 }),
      ],
      seats: { 4: { used: 1n }, 5: { used: 1n, revoked: 1n } },
      where: { kind: 'inside', site: 'Mess hall' },
    })
    expect(
      groups.map(({ standing, coupons }) => [standing, coupons[0]?.coupon.campaignId]),
    ).to.deep.equal([
      ['here', 2n],
      ['later', 3n],
      ['counter', 6n],
      ['used', 4n],
      ['expired', 1n],
      ['revoked', 5n],
    ])
  })

  it('puts what closes soonest first', () => {
    const [group] = pocket({
      campaigns: [campaign(1n), campaign(2n, { closesAt: BigInt(NOW + 60) })],
    })
    expect(group!.coupons.map(({ coupon }) => coupon.campaignId)).to.deep.equal([2n, 1n])
  })

  describe('given the window is open', () => {
    for (const [where, standing, words] of [
      [undefined, 'usable', 'we check that you are there'],
      [{ kind: 'inside', site: 'Mess hall' }, 'here', 'You are at Mess hall.'],
      [
        { kind: 'outside', site: 'Mess hall', metres: 234, towards: 'north-east' },
        'elsewhere',
        'Mess hall is about 230\u00a0m to the north-east.',
      ],
      [
        { kind: 'unsure', failure: { code: 'TOO_CLOSE_TO_EDGE', sentence: 'Go further in.' } },
        'usable',
        'Go further in.',
      ],
    ] as const) {
      it(`is ${standing} when the place is ${where?.kind ?? 'unknown'}`, () => {
        const [group] = pocket({ campaigns: [campaign(1n)], ...(where && { where }) })
        expect(group!.standing).to.equal(standing)
        expect(group!.coupons[0]!.why).to.include(words)
        expect(isUsable(group!.coupons[0]!)).to.be.true
      })
    }

    it('needs no place where the campaign asks for none', () => {
      const terms = { requiredWitnesses: 0, geofenceHash: `0x${'00'.repeat(32)}` as const }
      expect(pocket({ campaigns: [campaign(1n, terms)] })[0]!.standing).to.equal('here')
    })
  })

  describe('at the edges of the window', () => {
    it('is usable in its first second', () => {
      expect(pocket({ campaigns: [campaign(1n, { opensAt: BigInt(NOW) })] })[0]!.standing).to.equal(
        'usable',
      )
    })

    it('has expired in the first second after it', () => {
      const [group] = pocket({ campaigns: [campaign(1n, { closesAt: BigInt(NOW) })] })
      expect(group!.standing).to.equal('expired')
      expect(isUsable(group!.coupons[0]!)).to.be.false
    })

    it('says when it opens and how long that is', () => {
      const [group] = pocket({ campaigns: [campaign(1n, { opensAt: BigInt(NOW + 600) })] })
      expect(group!.coupons[0]!.why).to.match(/^Opens today at \d\d:\d\d, in 10 min\.$/)
    })
  })

  describe('given the campaign is paused', () => {
    const only = (paused: Campaign, seats = {}) => pocket({ campaigns: [paused], seats })[0]!

    it('says so and that nothing is lost, whether it is open or to come', () => {
      for (const terms of [{}, { opensAt: BigInt(NOW + 600) }]) {
        const group = only(campaign(1n, terms, NOW - 60))
        expect(group.standing).to.equal('paused')
        expect(group.coupons[0]!.why).to.equal(
          'Paused by the organiser. The time lost will be given back.',
        )
        expect(isUsable(group.coupons[0]!)).to.be.false
      }
    })

    it('does not let its window run out meanwhile', () => {
      const closed = { closesAt: BigInt(NOW - 60) }
      expect(only(campaign(1n, closed, NOW - 61)).standing).to.equal('paused')
      expect(only(campaign(1n, closed, NOW - 60)).standing, 'paused after it').to.equal('expired')
    })

    it('leaves used what is used', () => {
      expect(only(campaign(1n, {}, NOW - 60), { 1: { used: 1n } }).standing).to.equal('used')
    })
  })

  describe('given coupons are held until a time', () => {
    const lunch = (heldUntil: number) => campaign(1n, { heldUntil: BigInt(heldUntil) })
    const one = (
      given: Omit<Parameters<typeof pocket>[0], 'campaigns'> & { heldUntil: number },
    ) => {
      const { heldUntil, ...rest } = given
      const [group] = pocket({ ...rest, campaigns: [lunch(heldUntil)] })
      return { standing: group!.standing, why: group!.coupons[0]!.why }
    }
    const none = { leftForAll: 0n, shardsCounted: 1n }

    it('tells standby when its turn comes, and that there is a condition', () => {
      const { standing, why } = one({ heldUntil: NOW + 900, shard: FIRST_STANDBY_SHARD })
      expect(standing).to.equal('standby')
      expect(why).to.match(/^Standby: yours from \d\d:\d\d if something is left\.$/)
    })

    it('tells the holder until when it is theirs', () => {
      const { standing, why } = one({ heldUntil: NOW + 900 })
      expect(standing).to.equal('usable')
      expect(why).to.match(/Held for you until \d\d:\d\d\.$/)
    })

    it('lets standby and late holders come from that second on, as long as something is left', () => {
      const left = { leftForAll: 3n, shardsCounted: 1n }
      for (const shard of [0n, FIRST_STANDBY_SHARD]) {
        const { standing, why } = one({ heldUntil: NOW, shard, left })
        expect(standing).to.equal('usable')
        expect(why).to.include('3 left for all')
        expect(one({ heldUntil: NOW, shard, left: none }).standing).to.equal('nothing-left')
      }
    })

    it('still holds what nobody has counted', () => {
      const left = { leftForAll: 0n, shardsCounted: 0n }
      const { standing, why } = one({ heldUntil: NOW, left })
      expect(standing).to.equal('usable')
      expect(why).to.include('may go to somebody else')
    })

    it('turns nobody away before the counters are known', () => {
      expect(one({ heldUntil: NOW, shard: FIRST_STANDBY_SHARD }).standing).to.equal('usable')
    })
  })

  it('calls nothing unused before the chain has answered', () => {
    const coupons = couponsOf({
      shards: shardsOfIssue({ campaignId: 1n, firstShard: 0n, holders: [holder] }),
      holder,
    })
    const [group] = pocketOf({
      coupons,
      campaigns: [campaign(1n)],
      seats: new Map(),
      counters: new Map(),
      whereabouts: new Map(),
      now: NOW,
      words: inEnglish,
    })
    expect(group!.standing).to.equal('unread')
    expect(isUsable(group!.coupons[0]!)).to.be.false
  })
})
