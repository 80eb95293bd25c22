import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { bytesToHex, toHex, type Hex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { FolderInUseError, StoreUnavailableError } from '@coupon-secure/service/errors'
import { book, holder, messHall, NOW, otherBook, stranger } from './rehearsal.ts'
import { onDatabases, type Opening } from './rehearsal-databases.ts'
import type { KeptSighting } from './store-sightings.ts'
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
    const turn = { key: random(), limit: 1, window: 1_000, now: NOW }
    await store.giveChallenge({ ...purpose, challenge, expiresAt, turn })
    return challenge
  }

  /** Uses a challenge up, whatever else the claim's turns would say. */
  const consume = async (claim: Omit<Parameters<Store['admitClaim']>[0], 'turns'>) =>
    (await store.admitClaim({ ...claim, turns: [] })).outcome

  it('is ready, and opens a second time on the same tables', async function () {
    this.timeout(20_000)
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
      expect(await consume(claim)).to.equal('consumed')
      expect(await consume(claim)).to.equal('used')
    })

    it('are consumed once by twenty at the same time', async () => {
      const claim = { ...purpose, challenge: await given(), now: NOW }
      const all = await Promise.all(Array.from({ length: 20 }, () => consume(claim)))
      expect(all.filter((one) => one === 'consumed')).to.have.length(1)
      expect(all.filter((one) => one === 'used')).to.have.length(19)
    })

    it('last until they expire, to the millisecond', async () => {
      const late = { ...purpose, challenge: await given(NOW), now: NOW }
      const justInTime = { ...purpose, challenge: await given(NOW + 1), now: NOW }
      expect(await consume(late)).to.equal('expired')
      expect(await consume(justInTime)).to.equal('consumed')
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
        expect(await consume(claim)).to.equal('for-something-else')
      }
      const claim = { ...purpose, challenge, now: NOW }
      expect(await consume(claim), 'and not used up').to.equal('consumed')
    })

    it('are not given to whom it is not allowed to', async () => {
      const turn = { key: random(), limit: 1, window: 1_000, now: NOW }
      const [challenge, refused] = [random(), random()]
      const expiresAt = NOW + 60_000
      const given = await Promise.all(
        [challenge, refused].map((one) =>
          store.giveChallenge({ ...purpose, challenge: one, expiresAt, turn }),
        ),
      )
      expect(given).to.deep.equal([{ isAllowed: true }, { isAllowed: false, retryAfter: 1_000 }])
      expect(await consume({ ...purpose, challenge: refused, now: NOW })).to.equal('unknown')
      expect(await consume({ ...purpose, challenge, now: NOW })).to.equal('consumed')
    })

    it('are not used up by whom it is not allowed to, and each turn counts that was taken', async () => {
      const attempt = { window: 1_000, now: NOW }
      const [ofCoupon, ofHolder, ofOther] = [random(), random(), random()]
      const claim = async (coupon: string, limit: number) => ({
        ...purpose,
        challenge: await given(),
        now: NOW,
        turns: [
          { ...attempt, key: coupon, limit },
          { ...attempt, key: ofHolder, limit: 2 },
        ],
      })
      const outcomes = await Promise.all(
        [
          await claim(ofCoupon, 1),
          await claim(ofCoupon, 1),
          await claim(ofOther, 3),
          await claim(ofOther, 3),
        ].map((one) => store.admitClaim(one)),
      )
      const tooOften = { outcome: 'too-often', retryAfter: 1_000 }
      const consumed = { outcome: 'consumed', earlier: undefined }
      expect(outcomes).to.deep.equal([consumed, tooOften, consumed, tooOften])
      const refused = await claim(ofOther, 3)
      expect((await store.admitClaim(refused)).outcome).to.equal('too-often')
      expect(await consume(refused), 'it is still good').to.equal('consumed')
      const fourth = { ...attempt, key: ofOther, limit: 3 }
      expect((await store.takeTurn(fourth)).isAllowed, 'three were taken').to.equal(false)
    })

    it('are unknown when nobody gave them', async () => {
      const claim = { ...purpose, challenge: random(), now: NOW }
      expect(await consume(claim)).to.equal('unknown')
    })

    it('are forgotten an hour after they expired', async () => {
      const claim = { ...purpose, challenge: await given(NOW), now: NOW }
      await store.forget(NOW + 3_599_999)
      expect(await consume(claim)).to.equal('expired')
      await store.forget(NOW + 3_600_000)
      expect(await consume(claim)).to.equal('unknown')
    })
  })

  describe('sightings', () => {
    const sighting = { longitudeCell: -1_800, latitudeCell: 269, takenAt: NOW }
    const of = (name: number) => ({ book, holder: privateKeyToAddress(toHex(name, { size: 32 })) })
    const keep = async (...lot: Omit<KeptSighting, 'book'>[]) =>
      store.appendToLog(
        lot.map((kept) => ({
          entry: { kind: 'statement' as const, digest: random(), loggedAt: 1 },
          sighting: { ...kept, book },
        })),
      )

    it('are kept with their entries or not at all, and told with the next claim', async () => {
      const size = await store.logSize()
      const [one, other] = [of(1), of(2)]
      const first = { sighting, before: undefined, now: NOW }
      expect(await keep({ ...one, ...first })).to.deep.equal([size])
      const next = { ...sighting, takenAt: NOW + 1 }
      // Meanwhile somebody has seen them who did not know of the first sighting.
      const outcome = await keep(
        { ...one, sighting: next, before: undefined, now: NOW },
        {
          ...other,
          ...first,
        },
      )
      expect(outcome).to.deep.equal([undefined, size + 1])
      expect(await store.sighting({ ...one, now: NOW })).to.deep.equal(sighting)
      expect(await store.sighting({ ...other, now: NOW })).to.deep.equal(sighting)
      expect(await keep({ ...one, sighting: next, before: sighting, now: NOW })).to.deep.equal([
        size + 2,
      ])
      const challenge = random()
      const turn = { key: random(), limit: 1, window: 1_000, now: NOW }
      const claim = { ...purpose, ...one, challenge }
      await store.giveChallenge({ ...claim, expiresAt: NOW + 60_000, turn })
      expect(await store.admitClaim({ ...claim, now: NOW, turns: [] })).to.deep.equal({
        outcome: 'consumed',
        earlier: next,
      })
    })

    it('are over after an hour', async () => {
      const one = of(3)
      await keep({ ...one, sighting, before: undefined, now: NOW })
      const later = { ...sighting, takenAt: NOW + 3_600_000 }
      const kept = (now: number) => keep({ ...one, sighting: later, before: undefined, now })
      expect(await kept(NOW + 3_599_999)).to.deep.equal([undefined])
      expect(await store.sighting({ ...one, now: NOW + 3_600_000 })).to.equal(undefined)
      expect(await kept(NOW + 3_600_000)).to.deep.equal([(await store.logSize()) - 1])
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
