import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { expect } from 'chai'
import type { AbiEvent } from 'abitype'
import { type Address, encodeAbiParameters, encodeEventTopics, getAbiItem, type Log } from 'viem'
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
    const texts = textsIn(new URLSearchParams(`?kind=issue&campaign=1&holder=${holder}&serial=7`))
    expect(filterFrom(texts)).to.deep.equal({
      filter: { kind: 'issue', campaignId: 1n, holder, serial: 7n },
      problems: {},
    })
    expect(searchOf(texts)).to.equal(`?kind=issue&campaign=1&holder=${holder}&serial=7`)
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
