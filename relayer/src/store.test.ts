import { expect } from 'chai'
import { concatHex, pad, type Hex } from 'viem'
import { digestOf, type Redemption } from './redemption.ts'
import { CHAIN_ID } from './rehearsal.ts'
import { sharedDatabase } from './rehearsal-relayer.ts'
import { openLocalStore, type Store } from './store.ts'

const HOUR = 60 * 60_000
const NOW = 1_790_000_000_000

describe('the relayer’s queue', function () {
  this.timeout(60_000)
  const databases: [name: string, open: () => Promise<{ missing: string } | Store[]>][] = [
    ['PGlite', async () => [await openLocalStore()]],
    [
      'PostgreSQL, through two relayers',
      async () => {
        const shared = await sharedDatabase()
        if ('missing' in shared) return shared
        return [await shared.open(), await shared.open()]
      },
    ],
  ]
  for (const [name, open] of databases) {
    describe(`in ${name}`, () => {
      let stores: Store[] = []
      before(async function () {
        const opened = await open()
        if (Array.isArray(opened)) stores = opened
        else {
          console.log(`      not run: ${opened.missing}`)
          this.skip()
        }
      })
      after(() => Promise.all(stores.map((store) => store.close())))

      /** The relayers in turn bring these at the same moment; each one's outcome. */
      const admitAll = (
        brought: { redemption: Redemption; mostPerHour?: number; now?: number }[],
      ) =>
        Promise.all(
          brought.map((one, index) =>
            stores[index % stores.length]!.admit({ mostPerHour: 10, now: NOW, ...one }),
          ),
        )
      const statusOf = (digest: Hex) => stores[0]!.status(digest)

      it('gives each of many that come at once their own answer', async () => {
        const [refused, tried, waiting] = [of(1), of(2), of(3)]
        await admitAll([refused, tried, waiting].map((redemption) => ({ redemption })))
        for (const { digest } of [refused, tried]) {
          await stores[0]!.refuse({ digest, code: 'CAMPAIGN_PAUSED', now: NOW })
        }
        const [fresh, other] = [of(4), of(5)]
        const outcomes = await admitAll([
          { redemption: fresh },
          { redemption: refused, now: NOW + 1_000 },
          { redemption: tried, now: NOW + 1_000, mostPerHour: 1 },
          { redemption: of(3, { isSignedAnew: true }) },
          { redemption: other },
          { redemption: fresh },
        ])
        const isNew = (redemption: Redemption, version: number) => {
          const { digest } = redemption
          return { outcome: 'new', status: { digest, version, state: 'waiting' } }
        }
        const [first, again, often, anew, second, twice] = outcomes
        // Of the two that are the same either may have been the first.
        expect([first, twice].map((one) => one?.outcome).sort()).to.deep.equal(['known', 'new'])
        for (const one of [first, twice]) {
          expect(one).to.deep.include({ status: isNew(fresh, 1).status })
        }
        expect(again).to.deep.equal(isNew(refused, 3))
        expect(often).to.deep.equal({ outcome: 'often', retryAfter: HOUR - 1_000 })
        expect(anew).to.deep.equal({ ...isNew(waiting, 1), outcome: 'known' })
        expect(second).to.deep.equal(isNew(other, 1))
        expect(await statusOf(tried.digest)).to.include({ code: 'CAMPAIGN_PAUSED' })
        const queue = await stores[0]!.waiting(100)
        expect(new Set(queue.map(({ serial }) => serial))).to.deep.equal(new Set([1n, 3n, 4n, 5n]))
        expect(queue.find(({ digest }) => digest === fresh.digest)).to.deep.equal(fresh)
      })

      it('counts the tries of the last hour, to the millisecond', async () => {
        const redemption = of(6)
        const { digest } = redemption
        const tryAt = async (now: number) => {
          const [admission] = await admitAll([{ redemption, now, mostPerHour: 1 }])
          await stores[0]!.refuse({ digest, code: 'CAMPAIGN_PAUSED', now })
          return admission
        }
        await tryAt(NOW)
        expect(await tryAt(NOW + HOUR - 1)).to.deep.equal({ outcome: 'often', retryAfter: 1 })
        expect(await tryAt(NOW + HOUR)).to.include({ outcome: 'new' })
      })

      it('takes each coupon on once, in whatever order many bring them', async () => {
        for (const first of [1_000, 2_000, 3_000, 4_000, 5_000]) {
          const serials = Array.from({ length: 120 }, (_, index) => first + index)
          const forwards = serials.map((serial) => ({ redemption: of(serial) }))
          const backwards = serials
            .map((serial) => ({ redemption: of(serial, { isSignedAnew: true }) }))
            .reverse()
          const all = [...forwards, ...backwards]
          const outcomes = await admitAll(all)
          expect(outcomes.filter(({ outcome }) => outcome === 'new')).to.have.length(120)
          const taken = new Map<bigint, Set<Hex>>(serials.map((one) => [BigInt(one), new Set()]))
          for (const [index, admission] of outcomes.entries()) {
            if (admission.outcome === 'often') throw new Error('too often')
            taken.get(all[index]!.redemption.serial)?.add(admission.status.digest)
          }
          for (const digests of taken.values()) expect(digests.size).to.equal(1)
          const digests = [...taken.values()].flatMap((set) => [...set])
          const statuses = await Promise.all([...digests, pad('0x1')].map(statusOf))
          expect(statuses.pop(), 'of which nobody knows').to.equal(undefined)
          expect(statuses.map((status) => status?.digest)).to.deep.equal(digests)
        }
      })
    })
  }
})

/** A redemption of the coupon with this serial. */
function of(serial: number, { isSignedAnew = false } = {}): Redemption {
  const request = {
    chainId: CHAIN_ID,
    book: '0x00000000000000000000000000000000000000B0' as const,
    campaignId: 1n,
    serial: BigInt(serial),
    site: 0,
    deadline: isSignedAnew ? 1_790_000_600 : 1_790_000_500,
    holder: '0x00000000000000000000000000000000000000A1' as const,
    signature: concatHex([pad('0x1'), pad('0x2'), '0x1b']),
    statements: [],
    proof: [],
  }
  return { ...request, digest: digestOf(request), kind: 'key' }
}
