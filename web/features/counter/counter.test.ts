import { freshnessOf, hashBeacon, readBeacon } from '@coupon-secure/protocol/beacon'
import { signerOf } from '@coupon-secure/protocol/witness'
import { expect } from 'chai'
import { type Address, slice, zeroHash } from 'viem'
import type { BookWitness, Campaign } from '../../chain/book-queries.ts'
import { beaconAt, campaignsToServe, secondsLeft, sitesToServe, standingOf } from './counter.ts'
import { counterAccount, makeCounterAccount } from './counter-key.ts'

const SECONDS = 1_800_000_000
const NOW = SECONDS * 1000
const book: Address = `0x${'b0'.repeat(20)}`
const place = { chainId: 31337, book }
const counter = {
  key: `0x${'c0'.repeat(20)}`,
  classes: 2,
  site: 0,
  validFrom: BigInt(SECONDS),
  validUntil: BigInt(SECONDS + 60),
} satisfies BookWitness

describe('counter', () => {
  describe('its standing', () => {
    const codeOf = (change: Partial<BookWitness>, now = NOW) => {
      const standing = standingOf({ witness: { ...counter, ...change }, now })
      return standing.isReady ? 'ready' : standing.code
    }

    it('is ready inside its own time, exactly', () => {
      expect(codeOf({})).to.equal('ready')
      expect(codeOf({}, NOW - 1)).to.equal('COUNTER_NOT_YET')
      expect(codeOf({}, NOW + 59_999)).to.equal('ready')
      expect(codeOf({}, NOW + 60_000)).to.equal('COUNTER_OVER')
    })

    it('is nothing without the class', () => {
      expect(codeOf({ classes: 1 })).to.equal('COUNTER_UNKNOWN')
      expect(codeOf({ classes: 3 })).to.equal('ready')
      expect(standingOf({ witness: undefined, now: NOW })).to.include({ code: 'COUNTER_UNKNOWN' })
    })
  })

  describe('what it serves', () => {
    const campaign = (id: bigint, from: number, to: number, sites = 3): Campaign => ({
      id,
      name: `Campaign ${id}`,
      details: '',
      pausedAt: 0n,
      terms: {
        opensAt: BigInt(SECONDS + from),
        closesAt: BigInt(SECONDS + to),
        heldUntil: 0n,
        grace: 0n,
        supply: 1n,
        sites,
        requiredWitnesses: 1,
        geofenceHash: zeroHash,
      },
    })

    it('is first what is open, then what comes next, and nothing without a place', () => {
      const campaigns = [
        campaign(1n, -200, -100),
        campaign(2n, 200, 300),
        campaign(3n, 100, 200),
        campaign(4n, -10, 10),
        campaign(5n, -10, 10, 0),
      ]
      const ids = campaignsToServe({ campaigns, now: NOW }).map(({ id }) => id)
      expect(ids).to.deep.equal([4n, 3n, 2n, 1n])
    })

    it('is at its own site alone, where it has one', () => {
      const lunch = campaign(1n, 0, 1)
      expect(sitesToServe({ campaign: lunch, witness: counter })).to.deep.equal([1, 2, 3])
      expect(sitesToServe({ campaign: lunch, witness: undefined })).to.deep.equal([1, 2, 3])
      expect(sitesToServe({ campaign: lunch, witness: { ...counter, site: 2 } })).to.deep.equal([2])
      expect(sitesToServe({ campaign: lunch, witness: { ...counter, site: 9 } })).to.deep.equal([])
    })
  })

  describe('its code', () => {
    const shelf = new Map<string, string>()
    const storage = {
      getItem: (name: string) => shelf.get(name) ?? null,
      setItem: (name: string, value: string) => void shelf.set(name, value),
    }

    it('is signed by the key that was made here once', async () => {
      expect(counterAccount({ shelf: storage, ...place })).to.equal(undefined)
      const account = makeCounterAccount({ shelf: storage, ...place })
      expect(makeCounterAccount({ shelf: storage, ...place }).address).to.equal(account.address)
      expect(counterAccount({ shelf: storage, ...place })?.address).to.equal(account.address)
      expect(counterAccount({ shelf: storage, ...place, chainId: 1 })).to.equal(undefined)

      const now = NOW + 7_000
      const shown = await beaconAt({ account, ...place, campaignId: 7n, site: 3, now })
      expect(shown.shownAt).to.equal(SECONDS)
      const read = readBeacon(shown.text)
      expect(read).to.include({ campaignId: 7n, site: 3, shownAt: BigInt(SECONDS) })
      const { signature } = read!
      const hash = hashBeacon({ ...place, beacon: read! })
      const [r, vs] = [slice(signature, 0, 32), slice(signature, 32, 64)]
      expect(await signerOf({ hash, r, vs })).to.equal(account.address)
    })

    it('is another in the next turn, and a photograph of it soon worth nothing', async () => {
      const account = makeCounterAccount({ shelf: storage, ...place })
      const shown = { account, ...place, campaignId: 7n, site: 3 }
      const [first, same, next] = await Promise.all(
        [NOW, NOW + 14_999, NOW + 15_000].map((now) => beaconAt({ ...shown, now })),
      )
      expect(same).to.deep.equal(first)
      expect(next!.text).not.to.equal(first!.text)
      const { shownAt } = readBeacon(first!.text)!
      expect(freshnessOf({ shownAt, now: NOW + 29_999 })).to.equal('fresh')
      expect(freshnessOf({ shownAt, now: NOW + 30_000 })).to.equal('stale')
    })

    it('says how long it still stands', () => {
      const at = (milliseconds: number) =>
        secondsLeft({ shownAt: SECONDS, now: NOW + milliseconds })
      expect([0, 1, 1_000, 14_999, 15_000, 99_000].map(at)).to.deep.equal([15, 15, 14, 1, 1, 1])
    })
  })
})
