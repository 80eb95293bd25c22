import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { FIRST_STANDBY_SHARD } from '@coupon-secure/protocol/coupon'
import { expect } from 'chai'
import type { AbiEvent } from 'abitype'
import {
  type Address,
  encodeAbiParameters,
  encodeErrorResult,
  encodeEventTopics,
  getAbiItem,
  type Log,
} from 'viem'
import { filterFrom, searchOf, textsIn } from './filter.ts'
import { entriesOf, filtered, namesOf, withLater } from './history.ts'
import { sentenceOf } from './sentence.ts'
import { differencesOf, rootsOf, totalsOf } from './totals.ts'

const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const holder = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5'
const other = '0xE9e5Bb0ab8c1AA960f42eB7b7d5818cC16969b09'
const hash = `0x${'5a'.repeat(32)}` as const
const terms = {
  opensAt: 100n,
  closesAt: 1_000n,
  heldUntil: 0n,
  grace: 60n,
  supply: 400n,
  sites: 3,
  requiredWitnesses: 1,
  geofenceHash: hash,
}

type Name = Extract<(typeof couponBookAbi)[number], { type: 'event' }>['name']

/** A log as a node gives it. */
function log({
  name,
  args,
  block,
  index = 0,
}: {
  name: Name
  args: Record<string, unknown>
  block: bigint
  index?: number
}): Log {
  const item: AbiEvent = getAbiItem({ abi: couponBookAbi, name })
  const plain = item.inputs.filter(({ indexed }) => !indexed)
  return {
    address: book,
    topics: encodeEventTopics({ abi: couponBookAbi, eventName: name, args }),
    data: encodeAbiParameters(
      plain,
      plain.map((input) => args[input.name ?? '']),
    ),
    blockNumber: block,
    blockHash: hash,
    logIndex: index,
    transactionHash: hash,
    transactionIndex: 0,
    removed: false,
  } as Log
}

const holders: Address[] = Array.from({ length: 256 }, (_, index) =>
  index === 255 ? other : holder,
)
const logs = [
  log({
    name: 'CampaignCreated',
    args: { campaignId: 1n, name: 'Lunch', terms, details: '' },
    block: 1n,
  }),
  log({ name: 'Issued', args: { campaignId: 1n, firstShard: 0n, holders }, block: 2n }),
  log({
    name: 'CouponRedeemed',
    args: { campaignId: 1n, serial: 256n, holder: other, site: 2 },
    block: 3n,
    index: 1,
  }),
  log({
    name: 'CouponRevoked',
    args: { campaignId: 1n, serial: 4n, reason: 'Left' },
    block: 3n,
    index: 2,
  }),
  log({
    name: 'WitnessAdded',
    args: { key: other, classes: 3, site: 0, validFrom: 1n, validUntil: 9n },
    block: 1n,
    index: 1,
  }),
  log({ name: 'Initialized', args: { version: 1n }, block: 1n, index: 2 }),
]
const entries = entriesOf(logs)
// Tested by their kinds elsewhere in this file.
const OWN_KINDS: ReadonlySet<string> = new Set(['TermsChanged', 'CampaignClosed', 'WitnessRemoved'])

describe('entriesOf', () => {
  it('decodes every event, newest first', () => {
    expect(entries.map(({ kind }) => kind)).to.deep.equal([
      'revocation',
      'redemption',
      'issue',
      'book',
      'witness',
      'campaign',
    ])
  })

  it('has a sentence for each', () => {
    expect(entries.map(sentenceOf)).to.deep.equal([
      'Coupon taken back: “Left”.',
      'Coupon used at site 2.',
      '256 coupons issued, from shard 0 on.',
      'The book was set up.',
      'Witness added: location oracle and counter, at every site.',
      'Campaign made, 400 coupons at most, 3 sites.',
    ])
  })

  it('knows what campaigns are called', () => {
    expect(namesOf(entries).get(1n)).to.equal('Lunch')
  })
})

describe('the later life of a campaign', () => {
  const why = encodeErrorResult({
    abi: couponBookAbi,
    errorName: 'CouponAlreadyRedeemed',
    args: [1n, 256n],
  })
  const standby = FIRST_STANDBY_SHARD
  const more = [
    log({
      name: 'Issued',
      args: { campaignId: 1n, firstShard: standby, holders: [other] },
      block: 4n,
    }),
    log({ name: 'CampaignPaused', args: { campaignId: 1n }, block: 5n }),
    log({
      name: 'CampaignResumed',
      args: { campaignId: 1n, terms: { ...terms, closesAt: 1_200n } },
      block: 6n,
    }),
    log({ name: 'UnusedReleased', args: { campaignId: 1n, shards: 2n, unused: 254n }, block: 7n }),
    log({
      name: 'RedemptionRefused',
      args: { campaignId: 1n, serial: 256n, holder: other, why },
      block: 8n,
    }),
    log({
      name: 'CouponReallotted',
      args: { campaignId: 1n, replaced: 4n, serial: 512n },
      block: 9n,
    }),
    log({ name: 'ContractURIUpdated', args: {}, block: 10n }),
    log({ name: 'ShardsCounted', args: { campaignId: 1n, shards: 1n, unused: 3n }, block: 11n }),
  ]
  const all = entriesOf([...logs, ...more])

  it('has an entry and a sentence for each', () => {
    const newest = all.slice(0, more.length)
    expect(newest.map((entry) => [entry.kind, sentenceOf(entry)])).to.deep.equal([
      ['counting', 'Over: 3 coupons unused in 1 shard; others are still to be counted.'],
      ['book', 'The organiser changed where to find the book’s name and contact.'],
      ['reallotment', 'Given instead of coupon no. 4, which was taken back.'],
      ['refusal', 'Not used, and skipped in its batch. This coupon has already been used.'],
      ['release', '254 unused coupons in 2 shards released for standby and late holders.'],
      ['resumption', 'It goes on, with the time that was lost given back.'],
      ['pause', 'Paused: nothing can be used until it goes on.'],
      ['issue', '1 standby coupon issued, from shard 2147483648 on.'],
    ])
  })

  it('knows no event of the book without a sentence of its own', () => {
    const events = couponBookAbi.filter((item) => item.type === 'event')
    for (const { name } of events) {
      const entry = { ...all[0]!, kind: 'book', event: name, facts: [] } as const
      const isKnown = sentenceOf(entry) !== `${name}.`
      const hasKind = [...logs, ...more].some(({ topics: [topic] }) => {
        return topic === encodeEventTopics({ abi: couponBookAbi, eventName: name })[0]
      })
      expect(isKnown || hasKind || OWN_KINDS.has(name), name).to.be.true
    }
  })

  it('counts standby as issued, and asks the contract about the supply’s shards alone', () => {
    const [campaign] = totalsOf(all)
    expect(campaign).to.deep.include({
      isPaused: false,
      totals: { issued: 257n, redeemed: 1n, revoked: 1n, unused: 255n },
    })
    expect(rootsOf({ entries: all, campaignId: 1n })).to.have.lengthOf(2)
    expect(totalsOf(entriesOf([...logs, ...more.slice(0, 2)]))[0]!.isPaused).to.be.true
  })

  it('finds a coupon under its own number, and under that of the one it replaced', () => {
    const kinds = (serial: bigint) =>
      filtered({ entries: all, filter: { serial } }).map(({ kind }) => kind)
    expect(kinds(512n)).to.deep.equal(['reallotment'])
    expect(kinds(4n)).to.deep.equal(['reallotment', 'revocation', 'issue'])
    expect(kinds(256n)).to.deep.equal(['refusal', 'redemption', 'issue'])
    expect(kinds(standby << 8n)).to.deep.equal(['issue'])
  })

  it('finds what was refused to a holder', () => {
    const found = filtered({ entries: all, filter: { holder: other, kind: 'refusal' } })
    expect(found).to.have.lengthOf(1)
  })

  it('does not fail on a reason that it cannot read', () => {
    const args = { campaignId: 1n, serial: 256n, holder: other, why: '0xdeadbeef' }
    const [entry] = entriesOf([log({ name: 'RedemptionRefused', args, block: 8n })])
    expect(sentenceOf(entry!)).to.include('does not know (0xdeadbeef)')
  })
})

describe('withLater', () => {
  it('lets the later reading replace the newest blocks', () => {
    const later = entriesOf([logs[3]!])
    const merged = withLater({ earlier: entries, later, since: 3n })
    expect(merged.filter(({ block }) => block === 3n).map(({ kind }) => kind)).to.deep.equal([
      'revocation',
    ])
    expect(merged).to.have.lengthOf(entries.length - 1)
  })
})

describe('filtered', () => {
  const kinds = (filter: Parameters<typeof filtered>[0]['filter']) =>
    filtered({ entries, filter }).map(({ kind }) => kind)

  it('finds all that concerns a holder', () => {
    expect(kinds({ holder: other })).to.deep.equal(['redemption', 'issue', 'witness'])
  })

  it('finds a coupon from its issue to its end', () => {
    expect(kinds({ serial: 256n })).to.deep.equal(['redemption', 'issue'])
    expect(kinds({ serial: 254n })).to.deep.equal(['issue'])
    expect(kinds({ serial: 255n })).to.deep.equal([]) // no seat has that number
    expect(kinds({ serial: 257n })).to.deep.equal([])
  })

  it('wants everything that is set', () => {
    expect(
      kinds({ kind: 'redemption', campaignId: 1n, holder: other, serial: 256n }),
    ).to.deep.equal(['redemption'])
    expect(kinds({ kind: 'redemption', campaignId: 2n })).to.deep.equal([])
  })
})

describe('totalsOf', () => {
  it('counts what the events say, and the rest is unused', () => {
    expect(totalsOf(entries)).to.deep.equal([
      {
        campaignId: 1n,
        name: 'Lunch',
        supply: 400n,
        totals: { issued: 256n, redeemed: 1n, revoked: 1n, unused: 254n },
        isPaused: false,
        isClosed: false,
      },
    ])
  })

  it('takes the latest terms', () => {
    const changed = log({
      name: 'TermsChanged',
      args: { campaignId: 1n, terms: { ...terms, supply: 300n } },
      block: 4n,
    })
    expect(totalsOf(entriesOf([...logs, changed]))[0]!.supply).to.equal(300n)
  })
})

describe('rootsOf', () => {
  it('rebuilds a root for each shard, in order', () => {
    const roots = rootsOf({ entries, campaignId: 1n })
    expect(roots).to.have.lengthOf(2)
    expect(rootsOf({ entries, campaignId: 2n })).to.deep.equal([])
  })
})

describe('differencesOf', () => {
  const events = { issued: 3n, redeemed: 1n, revoked: 0n, unused: 2n }

  it('is empty where both agree', () => {
    expect(differencesOf({ events, chain: { ...events } })).to.deep.equal([])
  })

  it('names what differs', () => {
    const chain = { ...events, redeemed: 2n, unused: 1n }
    expect(differencesOf({ events, chain }).map(({ name }) => name)).to.deep.equal([
      'redeemed',
      'unused',
    ])
  })
})

describe('filterFrom', () => {
  it('reads what the page’s address says, and writes it back', () => {
    const texts = textsIn(
      new URLSearchParams(`?kind=issue&campaign=1&holder=${holder}&serial=7&source=chain`),
    )
    expect(filterFrom(texts)).to.deep.equal({
      filter: { kind: 'issue', campaignId: 1n, holder, serial: 7n },
      problems: {},
    })
    expect(searchOf(texts)).to.equal(
      `?kind=issue&campaign=1&holder=${holder}&serial=7&source=chain`,
    )
    expect(searchOf(textsIn(new URLSearchParams()))).to.equal('')
  })

  it('says what is wrong with a text, and filters nothing by it', () => {
    const { filter, problems } = filterFrom({
      kind: 'nonsense',
      campaign: 'x',
      holder: '0x12',
      serial: '-1',
    })
    expect(filter).to.deep.equal({
      kind: undefined,
      campaignId: undefined,
      holder: undefined,
      serial: undefined,
    })
    expect(problems.holder?.code).to.equal('ADDRESS_INVALID')
    expect(problems.serial?.code).to.equal('SERIAL_INVALID')
  })
})
