import { CLASSES } from '@coupon-secure/protocol/presence'
import { expect } from 'chai'
import { zeroHash } from 'viem'
import { type Alert, alertsOf, type Counted, type Watched } from './alerts.ts'

const NOW = 1_800_000_000
const HOUR = 3600
const key = '0x22962f573256D13222749Ad5cB8C86a96eB4955E' as const

const campaignWith = (terms: object = {}, more: object = {}) => ({
  id: 1n,
  name: 'Lunch',
  details: '',
  pausedAt: 0n,
  terms: {
    ...{ opensAt: BigInt(NOW - HOUR), closesAt: BigInt(NOW + 2 * HOUR), heldUntil: 0n },
    ...{ grace: 0n, supply: 100n, sites: 1, requiredWitnesses: CLASSES.location },
    geofenceHash: zeroHash,
    ...terms,
  },
  ...more,
})
const ledger = { issued: 100n, redeemed: 20n, revoked: 0n, unused: 80n }
const counters = {
  ...{ issued: 100n, revoked: 0n, shards: 1n, shardsCounted: 0n, leftForAll: 0n },
  ...{ standbyIssued: 0n, standbyRevoked: 0n, standbyShards: 0n, isClosed: false },
}
const lunch: Counted = { campaign: campaignWith(), ledger, counters }
const oracle = {
  ...{ key, classes: CLASSES.location, site: 0, validFrom: 0n },
  validUntil: BigInt(NOW + 1_000 * HOUR),
} as const
const well: Watched = {
  campaigns: [lunch],
  witnesses: [oracle],
  silence: undefined,
  readiness: { ok: true, checks: [{ name: 'head fresh', state: 'well' }] },
  index: { kind: 'index', toBlock: 9n },
  now: NOW,
  timeOf: (seconds) => `at ${seconds - NOW}`,
}
const codes = (more: Partial<Watched>): string[] =>
  alertsOf({ ...well, ...more }).map(({ code, kind }) => `${kind} ${code}`)

describe('alertsOf', () => {
  it('is silent while all is well', () => {
    expect(alertsOf(well)).to.deep.equal([])
  })

  it('says what to do next, each in sentences', () => {
    const all = alertsOf({
      ...well,
      silence: 'The oracle does not answer.',
      campaigns: [
        { ...lunch, campaign: campaignWith({}, { pausedAt: 5n }) },
        { ...lunch, campaign: campaignWith({ closesAt: BigInt(NOW + 60) }) },
      ],
      witnesses: [{ ...oracle, validUntil: BigInt(NOW) }],
      index: { kind: 'away' },
    })
    expect(all.map(({ code }: Alert) => code)).to.deep.equal([
      'ORACLE_SILENT',
      'WITNESS_EXPIRED',
      'CAMPAIGN_PAUSED',
      'CLOSING_WITH_MUCH_LEFT',
      'INDEXER_AWAY',
    ])
    for (const { title, next } of all) {
      expect(title).to.match(/^[A-Z].*\.$/)
      expect(next).to.match(/^[A-Z].*\.$/)
    }
  })

  it('tells a silent oracle, and one that is not ready, by whether anybody needs it', () => {
    const later = [{ ...lunch, campaign: campaignWith({ opensAt: BigInt(NOW + HOUR) }) }]
    expect(codes({ silence: 'Away.' })).to.deep.equal(['bad ORACLE_SILENT'])
    expect(codes({ silence: 'Away.', campaigns: later })).to.deep.equal(['warn ORACLE_SILENT'])
    const failing = {
      ok: false,
      checks: [
        { name: 'clock right', state: 'failing', advice: 'Set the clock.' },
        { name: 'factory there', state: 'unknown' },
      ],
    } as const
    const [alert] = alertsOf({ ...well, readiness: { ...failing, checks: [...failing.checks] } })
    expect(alert?.title).to.contain('clock right')
    expect(alert?.next).to.contain('Set the clock.')
    expect(codes({ readiness: undefined }), 'kept from the public').to.deep.equal([])
  })

  it('tells an index that is away or behind', () => {
    expect(codes({ index: { kind: 'away' } })).to.deep.equal(['info INDEXER_AWAY'])
    const index = { kind: 'behind', blocks: 12n, toBlock: 3n } as const
    expect(codes({ index })).to.deep.equal(['info INDEXER_BEHIND'])
    expect(codes({ index: { kind: 'chain' } }), 'nobody configured one').to.deep.equal([])
  })

  it('tells a supply that is nearly gone, while somebody is still to come', () => {
    const with_ = (redeemed: bigint) =>
      codes({ campaigns: [{ ...lunch, ledger: { ...ledger, redeemed, unused: 100n - redeemed } }] })
    expect(with_(89n)).to.deep.equal([])
    expect(with_(90n)).to.deep.equal(['warn SUPPLY_NEARLY_GONE'])
    expect(with_(100n)).to.deep.equal([])
  })

  it('tells a window that closes soon with much left', () => {
    const closing = (closesIn: number, unused: bigint) =>
      codes({
        campaigns: [
          {
            ...lunch,
            campaign: campaignWith({ closesAt: BigInt(NOW + closesIn), supply: 1_000n }),
            ledger: { ...ledger, unused },
          },
        ],
      })
    expect(closing(1_800, 21n)).to.deep.equal(['warn CLOSING_WITH_MUCH_LEFT'])
    expect(closing(1_801, 21n)).to.deep.equal([])
    expect(closing(1_800, 20n)).to.deep.equal([])
  })

  it('asks for the release once it is due, and says when standby has had all', () => {
    const campaign = campaignWith({ heldUntil: BigInt(NOW) })
    const due = { ...lunch, campaign }
    expect(codes({ campaigns: [due] })).to.deep.equal(['warn NOT_RELEASED'])
    expect(codes({ campaigns: [due], now: NOW - 1 })).to.deep.equal([])
    const released = { ...counters, shardsCounted: 1n, standbyIssued: 2n }
    expect(codes({ campaigns: [{ ...due, counters: released }] })).to.deep.equal([
      'info STANDBY_GONE',
    ])
    const some = { ...released, leftForAll: 1n }
    expect(codes({ campaigns: [{ ...due, counters: some }] })).to.deep.equal([])
  })

  it('tells a witness whose time ends before the campaigns that need it are settled', () => {
    const until = (seconds: number) =>
      codes({ witnesses: [{ ...oracle, validUntil: BigInt(NOW + seconds) }] })
    expect(until(0)).to.deep.equal(['bad WITNESS_EXPIRED'])
    expect(until(2 * HOUR - 1)).to.deep.equal(['warn WITNESS_EXPIRING'])
    expect(until(2 * HOUR)).to.deep.equal(['info WITNESS_EXPIRING'])
    expect(until(25 * HOUR)).to.deep.equal([])
    const heir = { ...oracle, key: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' } as const
    const gone = { ...oracle, validUntil: BigInt(NOW - 1) }
    expect(codes({ witnesses: [gone, heir] }), 'another stands in').to.deep.equal([])
    const elsewhere = { ...heir, site: 2 }
    expect(codes({ witnesses: [gone, elsewhere] })).to.deep.equal(['bad WITNESS_EXPIRED'])
    const counter = { ...oracle, classes: CLASSES.counter, validUntil: BigInt(NOW - 1) }
    expect(codes({ witnesses: [oracle, counter] }), 'nobody asks for it').to.deep.equal([])
  })
})
