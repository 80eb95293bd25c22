import { leafOfEntry, type LogEntry } from '@coupon-secure/protocol/log-entry'
import { grown, joined, placesIn } from '@coupon-secure/protocol/merkle-log'
import { expect } from 'chai'
import { keccak256, toHex } from 'viem'
import { onDatabases } from './rehearsal-databases.ts'
import { SECONDS } from './rehearsal.ts'
import type { Store } from './store.ts'

const entryOf = (name: string): LogEntry => ({
  kind: name.endsWith('7') ? 'refusal' : 'statement',
  digest: keccak256(toHex(name)),
  loggedAt: SECONDS,
})

const answeredOf = (names: readonly string[]) => names.map((name) => ({ entry: entryOf(name) }))

/** The root that the store's hashes make, and the one that its entries make. */
async function rootsOf(store: Store) {
  const size = await store.logSize()
  const entries = await store.logEntries({ from: 0, to: size })
  const { peaks } = grown({ size: 0, peaks: [], leaves: entries.map(leafOfEntry) })
  const hashes = await store.logHashes(placesIn({ from: 0, to: size }))
  return { size, entries, stored: joined(hashes), computed: joined(peaks) }
}

describe('the log in the store', () => {
  onDatabases({
    tests: (open) => {
      let store: Store
      before(async function () {
        this.timeout(20_000)
        store = await open()
      })

      it('is empty at first', async () => {
        expect(await store.logSize()).to.equal(0)
        expect(await store.logEntries({ from: 0, to: 10 })).to.deep.equal([])
        expect(await store.logHashes([])).to.deep.equal([])
        expect(await store.findInLog(entryOf('0').digest)).to.equal(undefined)
      })

      it('keeps entries in their order, batch after batch, with the hashes of their tree', async () => {
        const names = Array.from({ length: 37 }, (_, name) => name.toString())
        let first = 0
        for (const length of [1, 2, 3, 1, 16, 14]) {
          const places = [...Array(length).keys()].map((offset) => first + offset)
          const batch = answeredOf(names.slice(first, first + length))
          expect(await store.appendToLog(batch)).to.deep.equal(places)
          first += length
          const { size, stored, computed } = await rootsOf(store)
          expect(size).to.equal(first)
          expect(stored).to.equal(computed)
        }
        expect(await store.logEntries({ from: 5, to: 9 })).to.deep.equal(
          names.slice(5, 9).map(entryOf),
        )
        expect(await store.logEntries({ from: 35, to: 99 })).to.have.length(2)
        expect(await store.findInLog(entryOf('17').digest)).to.equal(17)
      })

      it('takes all of a batch or nothing', async () => {
        const size = await store.logSize()
        const isTooLarge = { entry: { ...entryOf('bad'), loggedAt: 2 ** 70 } }
        const broken = [...answeredOf(['good']), isTooLarge]
        const error = await store.appendToLog(broken).catch((e: unknown) => e)
        expect(error).to.be.instanceOf(Error)
        expect(await store.logSize()).to.equal(size)
        expect(await store.appendToLog(answeredOf(['after']))).to.deep.equal([size])
      })
    },
  })

  onDatabases({
    isShared: true,
    tests: (open) => {
      it('has one order for three oracles that write at once: no gap, no fork, nothing lost', async function () {
        this.timeout(30_000)
        const oracles = [await open(), await open(), await open()]
        const written = await Promise.all(
          oracles.flatMap((oracle, which) =>
            Array.from({ length: 12 }, async (_, batch) => {
              const names = Array.from(
                { length: (batch % 4) + 1 },
                (_, n) => `${which} ${batch} ${n}`,
              )
              const places = await oracle.appendToLog(answeredOf(names))
              return names.map((name, at) => ({ index: places[at], ...entryOf(name) }))
            }),
          ),
        )
        const promised = written.flat().sort((one, other) => one.index! - other.index!)
        const [store] = oracles
        const { size, entries, stored, computed } = await rootsOf(store!)
        expect(promised.map(({ index }) => index)).to.deep.equal([...Array(size).keys()])
        expect(entries).to.deep.equal(
          promised.map(({ kind, digest, loggedAt }) => ({ kind, digest, loggedAt })),
        )
        expect(stored).to.equal(computed)
      })
    },
  })
})
