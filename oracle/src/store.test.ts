import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { bytesToHex, type Hex } from 'viem'
import { FolderInUseError, StoreUnavailableError } from './errors.ts'
import { book, holder, messHall, NOW, otherBook, stranger } from './rehearsal.ts'
import { onDatabases, type Opening } from './rehearsal-databases.ts'
import { openLocalStore, openPostgresStore, type Store } from './store.ts'

const purpose = {
  book,
  campaignId: 2n ** 256n - 1n,
  serial: 2n ** 96n - 1n,
  holder: holder.address,
}

describe('store', () => {
  onDatabases({ tests: storeSuite })

  it('keeps a folder for one process, and what is in it for the next', async function () {
    this.timeout(30_000)
    const folder = await mkdtemp(join(tmpdir(), 'oracle-'))
    const first = await openLocalStore({ folder })
    await first.keepGeofence({ hash: '0x1234', document: messHall })
    const second = await openLocalStore({ folder }).catch((error: unknown) => error)
    expect(second).to.be.instanceOf(FolderInUseError)
    await first.close()
    const next = await openLocalStore({ folder })
    expect(await next.geofence('0x1234')).to.deep.equal(messHall)
    await next.close()
    await rm(folder, { recursive: true })
  })

  it('says so when PostgreSQL is away', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/nothing'
    const error = await openPostgresStore({ url }).catch((error: unknown) => error)
    expect(error).to.be.instanceOf(StoreUnavailableError)
  })
})

function storeSuite(open: Opening) {
  let store: Store
  before(async function () {
    this.timeout(20_000)
    store = await open()
  })

  const given = async (expiresAt = NOW + 60_000): Promise<Hex> => {
    const challenge = random()
    await store.keepChallenge({ ...purpose, challenge, expiresAt })
    return challenge
  }

  it('is ready, and opens a second time on the same tables', async () => {
    await store.check()
    await (await open()).close()
  })

  describe('geofences', () => {
    it('keeps a document once and gives it back', async () => {
      const hash = random()
      expect(await store.geofence(hash)).to.equal(undefined)
      expect(await store.keepGeofence({ hash, document: messHall })).to.deep.equal({
        isNew: true,
      })
      const again = await store.keepGeofence({ hash, document: { another: 'document' } })
      expect(again).to.deep.equal({ isNew: false })
      expect(await store.geofence(hash)).to.deep.equal(messHall)
    })
  })

  describe('challenges', () => {
    it('are consumed once, whatever the case of the addresses', async () => {
      const challenge = await given()
      const shouted = `0x${holder.address.slice(2).toUpperCase()}` as const
      const claim = { ...purpose, holder: shouted, challenge, now: NOW }
      expect(await store.consumeChallenge(claim)).to.equal('consumed')
      expect(await store.consumeChallenge(claim)).to.equal('used')
    })

    it('are consumed once by twenty at the same time', async () => {
      const claim = { ...purpose, challenge: await given(), now: NOW }
      const all = await Promise.all(Array.from({ length: 20 }, () => store.consumeChallenge(claim)))
      expect(all.filter((one) => one === 'consumed')).to.have.length(1)
      expect(all.filter((one) => one === 'used')).to.have.length(19)
    })

    it('last until they expire, to the millisecond', async () => {
      const late = { ...purpose, challenge: await given(NOW), now: NOW }
      const justInTime = { ...purpose, challenge: await given(NOW + 1), now: NOW }
      expect(await store.consumeChallenge(late)).to.equal('expired')
      expect(await store.consumeChallenge(justInTime)).to.equal('consumed')
    })

    it('are good for what they were given for', async () => {
      const challenge = await given()
      for (const change of [
        { book: otherBook },
        { campaignId: 1n },
        { serial: 1n },
        { holder: stranger.address },
      ]) {
        const claim = { ...purpose, ...change, challenge, now: NOW }
        expect(await store.consumeChallenge(claim)).to.equal('for-something-else')
      }
      const claim = { ...purpose, challenge, now: NOW }
      expect(await store.consumeChallenge(claim), 'and not used up').to.equal('consumed')
    })

    it('are unknown when nobody gave them', async () => {
      const claim = { ...purpose, challenge: random(), now: NOW }
      expect(await store.consumeChallenge(claim)).to.equal('unknown')
    })

    it('are forgotten an hour after they expired', async () => {
      const claim = { ...purpose, challenge: await given(NOW), now: NOW }
      await store.forget(NOW + 3_599_999)
      expect(await store.consumeChallenge(claim)).to.equal('expired')
      await store.forget(NOW + 3_600_000)
      expect(await store.consumeChallenge(claim)).to.equal('unknown')
    })
  })

  describe('turns', () => {
    it('run out, say when to come back, and come back', async () => {
      const turn = { key: random(), limit: 2, window: 1_000, now: NOW }
      expect(await store.takeTurn(turn)).to.deep.equal({ isAllowed: true })
      expect(await store.takeTurn({ ...turn, now: NOW + 1 })).to.deep.equal({ isAllowed: true })
      const refused = { isAllowed: false, retryAfter: 600 }
      expect(await store.takeTurn({ ...turn, now: NOW + 400 })).to.deep.equal(refused)
      expect(await store.takeTurn({ ...turn, now: NOW + 400 })).to.deep.equal(refused)
      const back = await store.takeTurn({ ...turn, now: NOW + 1_000 })
      expect(back).to.deep.equal({ isAllowed: true })
    })

    it('count those at the same time one by one', async () => {
      const turn = { key: random(), limit: 5, window: 1_000, now: NOW }
      const all = await Promise.all(Array.from({ length: 20 }, () => store.takeTurn(turn)))
      expect(all.filter((one) => one.isAllowed)).to.have.length(5)
    })
  })

  it('says so when it is closed', async function () {
    this.timeout(20_000)
    const closed = await open()
    await closed.close()
    const error = await closed.check().catch((error: unknown) => error)
    expect(error).to.be.instanceOf(StoreUnavailableError)
  })
}

function random(): Hex {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
}
