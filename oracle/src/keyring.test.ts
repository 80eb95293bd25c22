import { expect } from 'chai'
import { keccak256, toHex } from 'viem'
import type { WitnessEntry } from './chain.ts'
import { createKeyring } from './keyring.ts'
import { signerFromHex } from './key.ts'
import { book, otherBook } from './rehearsal.ts'

const LAST_VALID = 4_102_444_799n
const nobody: WitnessEntry = { classes: 0, site: 0, validFrom: 0n, validUntil: 0n }
const older = signerFromHex(keccak256(toHex('the key so far')))
const newer = signerFromHex(keccak256(toHex('the next key')))

describe('keyring', () => {
  const t0 = 1_800_000_000n
  let entries: Map<string, WitnessEntry>
  let asked: number
  let now: bigint

  beforeEach(() => {
    entries = new Map([[`${book} ${older.address}`, entry({ validFrom: t0 - 10_000n })]])
    asked = 0
    now = t0
  })

  const entry = (change: Partial<WitnessEntry>): WitnessEntry => {
    return { classes: 1, site: 0, validFrom: t0, validUntil: LAST_VALID, ...change }
  }
  const keyring = (...signers: (typeof older)[]) =>
    createKeyring({
      signers,
      now: () => Number(now) * 1_000,
      chain: {
        witness: ({ book, key }) => {
          asked += 1
          return Promise.resolve(entries.get(`${book} ${key}`) ?? nobody)
        },
      },
    })
  const sign = (of: ReturnType<typeof keyring>, at = book) =>
    of({ book: at, decidedAt: now, validUntil: now + 300n })

  it('asks nobody while there is one key', async () => {
    expect(await sign(keyring(older))).to.equal(older)
    expect(asked).to.equal(0)
  })

  it('rotates without a moment at which a statement would be refused', async () => {
    const ring = keyring(newer, older)
    // Every ten seconds a statement is made; each must count from then until it ends, as the contract counts.
    const made: { by: string; at: bigint }[] = []
    const events = new Map<bigint, () => void>([
      [120n, () => entries.set(`${book} ${newer.address}`, entry({ validFrom: now }))],
      [1_200n, () => entries.delete(`${book} ${older.address}`)],
    ])
    for (let second = 0n; second <= 1_800n; second += 10n) {
      now = t0 + second
      events.get(second)?.()
      made.push({ by: (await sign(ring)).address, at: now })
      for (const { by, at } of made) {
        if (now > at + 300n) continue
        const { classes, validFrom, validUntil } = entries.get(`${book} ${by}`) ?? nobody
        const doesCount = classes === 1 && at >= validFrom && now < validUntil
        expect(doesCount, `made at ${at - t0} s, used at ${second} s`).to.equal(true)
      }
    }
    const switchedAt = made.find(({ by }) => by === newer.address)?.at
    expect(switchedAt, 'a minute after the book learnt of it').to.equal(t0 + 180n)
  })

  it('signs with each book’s own key', async () => {
    entries.set(`${otherBook} ${newer.address}`, entry({ validFrom: t0 - 60n }))
    const ring = keyring(newer, older)
    expect(await sign(ring)).to.equal(older)
    expect(await sign(ring, otherBook)).to.equal(newer)
  })

  it('signs with a key that is new to the book where it has no other', async () => {
    entries.set(`${otherBook} ${newer.address}`, entry({ validFrom: t0 }))
    expect(await sign(keyring(newer, older), otherBook)).to.equal(newer)
  })

  const useless: [what: string, change: Partial<WitnessEntry>][] = [
    ['that is a witness of another class', { classes: 2 }],
    ['that is to be a witness later', { validFrom: t0 + 1n }],
    ['whose time ends before the statement’s', { validUntil: t0 + 300n }],
  ]
  for (const [what, change] of useless) {
    it(`does not sign with a key ${what}`, async () => {
      entries.set(`${book} ${newer.address}`, entry({ validFrom: t0 - 100n, ...change }))
      expect(await sign(keyring(newer, older))).to.equal(older)
    })
  }

  it('signs nothing when the chain does not answer', async () => {
    const chain = { witness: () => Promise.reject(new Error('away')) }
    const ring = createKeyring({ signers: [newer, older], chain, now: () => 0 })
    const outcome = await sign(ring).catch((error: unknown) => error)
    expect(outcome).to.be.instanceOf(Error)
  })
})
