import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { hashLogHead, leafOfEntry, type LogEntry } from '@coupon-secure/protocol/log-entry'
import { EMPTY_ROOT, grown, joined } from '@coupon-secure/protocol/merkle-log'
import { expect } from 'chai'
import { keccak256, recoverAddress, toHex } from 'viem'
import { createAppendLog } from './append-log.ts'
import { StoreUnavailableError } from '@coupon-secure/service/errors'
import { CHAIN_ID, factory, NOW, SECONDS, signer } from './rehearsal.ts'
import { sharedStore } from './rehearsal-store.ts'
import { openLocalStore } from './store.ts'
import type { LogStore } from './store-log.ts'

const signed = (name: number) => ({ kind: 'statement' as const, digest: keccak256(toHex(name)) })

/** A store that writes when the test lets it, and notes what it was given. */
async function slowStore() {
  const batches: (readonly LogEntry[])[] = []
  let isAway = false
  let gate = Promise.withResolvers<undefined>()
  let size = 0
  const store: LogStore = {
    ...(await sharedStore()),
    appendToLog: async (lot) => {
      batches.push(lot.map(({ entry }) => entry))
      await gate.promise
      if (isAway) throw new StoreUnavailableError()
      size += lot.length
      return lot.map((_, at) => size - lot.length + at)
    },
  }
  /** Lets it write what has come by now. */
  const letWrite = async ({ fails = false } = {}) => {
    await turnOfLoop()
    await turnOfLoop()
    isAway = fails
    gate.resolve(undefined)
    gate = Promise.withResolvers()
  }
  return { store, batches, letWrite }
}

const logOver = (store: LogStore, now = () => NOW) =>
  createAppendLog({ now, signer, store, chainId: CHAIN_ID, factory })

describe('the append-only log', () => {
  before(async function () {
    this.timeout(20_000)
    await sharedStore()
  })

  it('writes at once what came while it was writing, and gives each its place', async () => {
    const { store, batches, letWrite } = await slowStore()
    const log = logOver(store)
    const first = log.append(signed(0))
    await turnOfLoop()
    await turnOfLoop()
    const rest = Promise.all([1, 2, 3, 4].map((name) => log.append(signed(name))))
    let isThere = false
    void first.then(() => (isThere = true))
    await turnOfLoop()
    expect(isThere, 'nothing is answered before it is committed').to.equal(false)

    await letWrite()
    expect(await first).to.deep.equal({ index: 0, loggedAt: SECONDS })
    await letWrite()
    expect((await rest).map((logged) => logged?.index)).to.deep.equal([1, 2, 3, 4])
    expect(batches.map(({ length }) => length)).to.deep.equal([1, 4])
  })

  it('leaves the second sighting of one holder for the next batch, and writes none that is no news', async () => {
    const { store, batches, letWrite } = await slowStore()
    const log = logOver({
      ...store,
      appendToLog: async (lot) => {
        const places = await store.appendToLog(lot)
        return lot.map(({ sighting }, at) => (sighting?.before ? places[at] : undefined))
      },
    })
    const seen = { longitudeCell: 1, latitudeCell: 1, takenAt: NOW }
    const of = { book: factory, holder: signer.address, sighting: seen, now: NOW }
    const both = Promise.all([
      log.append({ ...signed(0), sighting: { ...of, before: undefined } }),
      log.append({ ...signed(1), sighting: { ...of, before: seen } }),
    ])
    await letWrite()
    await letWrite()
    expect(await both).to.deep.equal([undefined, { index: 1, loggedAt: SECONDS }])
    expect(batches.map(({ length }) => length)).to.deep.equal([1, 1])
  })

  it('tells everybody of a batch that failed, and goes on with the next', async () => {
    const { store, letWrite } = await slowStore()
    const log = logOver(store)
    const first = log.append(signed(0)).catch((error: unknown) => error)
    await turnOfLoop()
    await turnOfLoop()
    const second = log.append(signed(1))
    await letWrite({ fails: true })
    expect(await first).to.be.instanceOf(StoreUnavailableError)
    await letWrite()
    expect(await second).to.deep.equal({ index: 0, loggedAt: SECONDS })
  })

  it('never writes more than five hundred in one go', async () => {
    const { store, batches, letWrite } = await slowStore()
    const log = logOver(store)
    const all = Promise.all(Array.from({ length: 1_200 }, (_, name) => log.append(signed(name))))
    for (let turn = 0; turn < 3; turn += 1) {
      await letWrite()
    }
    expect((await all).map((logged) => logged?.index)).to.deep.equal([...Array(1_200).keys()])
    expect(batches.map(({ length }) => length)).to.deep.equal([500, 500, 200])
  })

  it('signs its head: anew when it has grown or the time has passed', async function () {
    this.timeout(20_000)
    const store = await openLocalStore()
    const clock = { now: NOW }
    const log = logOver(store, () => clock.now)
    const none = await log.head()
    expect(none).to.deep.include({ size: 0, root: EMPTY_ROOT, address: signer.address })

    const { loggedAt = NaN } = (await log.append(signed(5))) ?? {}
    const head = await log.head()
    const leaves = [leafOfEntry({ ...signed(5), loggedAt })]
    expect(head).to.deep.include({ size: 1, root: leaves[0], signedAt: SECONDS })
    expect(head.root).to.equal(joined(grown({ size: 0, peaks: [], leaves }).peaks))
    const hash = hashLogHead({
      chainId: CHAIN_ID,
      factory,
      head: { size: 1n, root: head.root, signedAt: BigInt(SECONDS) },
    })
    expect(await recoverAddress({ hash, signature: head.signature })).to.equal(signer.address)

    expect(await log.head(), 'the same within a second').to.equal(head)
    clock.now += 1_000
    expect((await log.head()).signedAt).to.equal(SECONDS + 1)
    await store.close()
  })
})
