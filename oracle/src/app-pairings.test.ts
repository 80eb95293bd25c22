import * as wire from '@coupon-secure/protocol/wire-pairing'
import { expect } from 'chai'
import { bytesToHex, type Hex } from 'viem'
import { expectProblem } from './expectations.ts'
import { onDatabases } from './rehearsal-databases.ts'
import {
  claimOf,
  freshCoupon,
  holder,
  NOW,
  openSession,
  otherBook,
  rehearse,
  SECONDS,
  signedByHolder,
  stranger,
} from './rehearsal.ts'
import type { Store } from './store.ts'

type Rehearsal = Awaited<ReturnType<typeof rehearse>>

const MINUTE = 60_000
const sealed = (mark: number): Hex => `0x${mark.toString(16).padStart(2, '0').repeat(40)}`
const REQUEST = sealed(1)

describe('oracle: /v1/pairings', () => {
  onDatabases({ tests: (open) => pairingSuite({ open }) })
})

describe('oracle: pairings of several oracles on one PostgreSQL', () => {
  onDatabases({
    isShared: true,
    tests: (open) => {
      let one: Rehearsal
      let other: Rehearsal

      before(async function () {
        this.timeout(60_000)
        one = await rehearse({ store: await open() })
        other = await rehearse({ store: await open() })
      })

      it('are made at one, opened and answered at another', async () => {
        const made = await ready(one)
        expect((await at(one).make(made)).status).to.equal(200)
        const { id, readerToken } = made
        const writerToken = random()
        expect((await at(other).open({ id, writerToken })).status).to.equal(200)
        await at(one).answer({ id, writerToken, answer: sealed(2) })
        expect(await at(other).seen({ id, readerToken })).to.deep.equal({
          isOpened: true,
          answer: sealed(2),
        })
      })

      it('are opened by one of two at once, whichever they ask', async () => {
        for (let round = 0; round < 10; round += 1) {
          const made = await ready(one)
          await at(one).make(made)
          const asked = [one, other, other, one].map((oracle) =>
            at(oracle).open({ id: made.id, writerToken: random() }),
          )
          const statuses = (await Promise.all(asked)).map(({ status }) => status)
          expect(statuses.sort()).to.deep.equal([200, 409, 409, 409])
        }
      })
    },
  })
})

function pairingSuite({ open }: { open: () => Promise<Store> }) {
  let store: Store
  let on: Rehearsal
  let box: ReturnType<typeof at>

  before(async function () {
    this.timeout(60_000)
    store = await open()
  })
  beforeEach(async () => {
    on = await rehearse({ store })
    box = at(on)
    await store.forgetTurns(NOW + 1_000 * MINUTE) // each test has all its turns
  })

  const made = async () => {
    const pairing = await ready(on)
    expect((await box.make(pairing)).status).to.equal(200)
    return pairing
  }
  const opened = async () => {
    const { id, readerToken } = await made()
    const writerToken = random()
    expect((await box.open({ id, writerToken })).status).to.equal(200)
    return { id, readerToken, writerToken }
  }

  it('carry a request one way and the newest answer the other, for five minutes', async () => {
    const pairing = await ready(on)
    const { id, readerToken } = pairing
    const answer = await box.make(pairing)
    const { expiresAt } = wire.pairingAnswerSchema.parse(await answer.json())
    expect(expiresAt).to.equal(SECONDS + 300)
    expect(await box.seen({ id, readerToken })).to.deep.equal({ isOpened: false })

    const writerToken = random()
    const request = await box.open({ id, writerToken })
    expect(wire.pairingOpenedSchema.parse(await request.json())).to.deep.equal({
      request: REQUEST,
      expiresAt,
    })
    expect(await box.seen({ id, readerToken })).to.deep.equal({ isOpened: true })
    for (const mark of [2, 3]) {
      const response = await box.answer({ id, writerToken, answer: sealed(mark) })
      expect(await response.json()).to.deep.equal({ isDone: true })
      const seen = { isOpened: true, answer: sealed(mark) }
      expect(await box.seen({ id, readerToken })).to.deep.equal(seen)
      expect(await box.seen({ id, readerToken }), 'and again').to.deep.equal(seen)
    }
  })

  it('do the same when they are asked the same again', async () => {
    const pairing = await made()
    const { id } = pairing
    on.clock.now += 1_000
    const again = await box.make({
      ...(await ready(on)),
      ...pairing,
      ...(await fresh(on, pairing)),
    })
    const { expiresAt } = wire.pairingAnswerSchema.parse(await again.json())
    expect(expiresAt, 'and last no longer for it').to.equal(SECONDS + 300)
    const writerToken = random()
    for (let times = 0; times < 3; times += 1) {
      expect((await box.open({ id, writerToken })).status).to.equal(200)
    }
  })

  it('are opened by the first browser and no other', async () => {
    const { id } = await opened()
    const response = await box.open({ id, writerToken: random() })
    await expectProblem({ response, status: 409, code: 'PAIRING_TAKEN' })
  })

  it('are opened by one of twenty at once', async () => {
    const { id } = await made()
    const all = Array.from({ length: 20 }, () => box.open({ id, writerToken: random() }))
    const statuses = (await Promise.all(all)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).to.have.length(1)
  })

  it('are answered by who opened them, and read by who made them', async () => {
    const { id, readerToken, writerToken } = await opened()
    const foreign = await box.answer({ id, writerToken: random(), answer: sealed(9) })
    await expectProblem({ response: foreign, status: 409, code: 'PAIRING_TAKEN' })
    await box.answer({ id, writerToken, answer: sealed(2) })
    for (const token of [random(), writerToken]) {
      const response = await box.look({ id, readerToken: token })
      await expectProblem({ response, status: 409, code: 'PAIRING_TAKEN' })
    }
    expect(await box.seen({ id, readerToken })).to.have.property('answer', sealed(2))
  })

  it('are not answered before they are opened', async () => {
    const { id } = await made()
    const response = await box.answer({ id, writerToken: random(), answer: sealed(2) })
    await expectProblem({ response, status: 409, code: 'PAIRING_TAKEN' })
  })

  it('cannot be made twice of one code', async () => {
    const { id } = await made()
    const thief = { ...(await ready(on, { id })), readerToken: random() }
    await expectProblem({ response: await box.make(thief), status: 409, code: 'PAIRING_TAKEN' })
  })

  it('are over when their maker says so, and hold nothing then', async () => {
    const { id, readerToken, writerToken } = await opened()
    await box.answer({ id, writerToken, answer: sealed(2) })
    await box.end({ id, readerToken: random() })
    expect(await box.seen({ id, readerToken }), 'by nobody else').to.have.property('answer')
    for (let times = 0; times < 2; times += 1) {
      expect((await box.end({ id, readerToken })).status).to.equal(200)
    }
    for (const response of [
      await box.open({ id, writerToken }),
      await box.answer({ id, writerToken, answer: sealed(3) }),
      await box.look({ id, readerToken }),
    ]) {
      await expectProblem({ response, status: 410, code: 'PAIRING_OVER' })
    }
  })

  it('are over after five minutes, to the millisecond', async () => {
    const { id, readerToken, writerToken } = await opened()
    on.clock.now = NOW + 5 * MINUTE - 1
    expect((await box.answer({ id, writerToken, answer: sealed(2) })).status).to.equal(200)
    on.clock.now = NOW + 5 * MINUTE
    for (const response of [
      await box.open({ id, writerToken }),
      await box.answer({ id, writerToken, answer: sealed(3) }),
      await box.look({ id, readerToken }),
    ]) {
      await expectProblem({ response, status: 410, code: 'PAIRING_EXPIRED' })
    }
  })

  it('are forgotten: what was said when the time is over, the rest an hour later', async () => {
    const { id, readerToken, writerToken } = await opened()
    await box.answer({ id, writerToken, answer: sealed(2) })
    await store.forgetPairings(NOW + 5 * MINUTE)
    expect(await box.seen({ id, readerToken }), 'the clock set back').to.deep.equal({
      isOpened: true,
    })
    on.clock.now = NOW + 65 * MINUTE
    await store.forget(on.clock.now - 1)
    const late = await box.look({ id, readerToken })
    await expectProblem({ response: late, status: 410, code: 'PAIRING_EXPIRED' })
    await store.forget(on.clock.now)
    const later = await box.look({ id, readerToken })
    await expectProblem({ response: later, status: 404, code: 'PAIRING_UNKNOWN' })
  })

  it('of a code that nobody made are none', async () => {
    const id = random()
    for (const response of [
      await box.open({ id, writerToken: random() }),
      await box.answer({ id, writerToken: random(), answer: sealed(2) }),
      await box.look({ id, readerToken: random() }),
    ]) {
      await expectProblem({ response, status: 404, code: 'PAIRING_UNKNOWN' })
    }
  })

  it('are for holders, who sign for them, by themselves or by a session', async () => {
    const pairing = await ready(on)
    const forged = { ...pairing, holder: stranger.address }
    await expectProblem({
      response: await box.make(forged),
      status: 401,
      code: 'SIGNATURE_INVALID',
    })
    const moved = { ...(await ready(on)), id: random() }
    await expectProblem({ response: await box.make(moved), status: 401, code: 'SIGNATURE_INVALID' })
    const elsewhere = { ...(await ready(on)), book: otherBook }
    await expectProblem({ response: await box.make(elsewhere), status: 404, code: 'BOOK_UNKNOWN' })

    const session = await openSession()
    const { id, challenge, ...coupon } = await ready(on)
    const claim = { ...claimOf({ coupon, challenge }), evidenceHash: id }
    const authorisation = await session.sign(claim)
    expect((await box.make({ ...coupon, id, challenge, authorisation })).status).to.equal(200)

    for (const status of ['not-issued', 'revoked'] as const) {
      on.says.status = status
      const response = await box.make(await ready(on))
      await expectProblem({ response, status: 403, code: 'NOT_A_HOLDER' })
    }
  })

  it('use a challenge up, once', async () => {
    const pairing = await made()
    await expectProblem({ response: await box.make(pairing), status: 409, code: 'CHALLENGE_USED' })
  })

  it('are limited for each holder, for each code, and in guessing', async () => {
    const { id, readerToken, writerToken } = await opened()
    const outcomes = { answer: 120, look: 300, open: 120 - 1 } // one is taken already
    const ask = {
      answer: () => box.answer({ id, writerToken, answer: sealed(2) }),
      look: () => box.look({ id, readerToken }),
      open: () => box.open({ id: random(), writerToken }),
    }
    for (const name of ['answer', 'look', 'open'] as const) {
      for (let times = 0; times < outcomes[name]; times += 1) {
        const { status } = await ask[name]()
        if (status === 429) throw new Error(`${name} was refused after ${times}.`)
      }
      const response = await ask[name]()
      await expectProblem({ response, status: 429, code: 'RATE_LIMITED' })
    }
    for (let times = 1; times < 20; times += 1) await made()
    const response = await box.make(await ready(on))
    await expectProblem({ response, status: 429, code: 'RATE_LIMITED' })
  }).timeout(60_000)

  const bad: [what: string, change: object, code: string][] = [
    ['an id that is none', { id: '0x12' }, 'HEX_INVALID'],
    ['a token that is text', { readerToken: 'secret' }, 'HEX_INVALID'],
    ['a request without a seal', { request: '0x1234' }, 'HEX_INVALID'],
    ['a request that is too long', { request: `0x${'00'.repeat(1_025)}` }, 'HEX_INVALID'],
    ['more than was asked', { position: { latitude: 1 } }, 'FIELD_UNKNOWN'],
  ]
  for (const [what, change, code] of bad) {
    it(`refuse ${what}`, async () => {
      const response = await box.make({ ...(await ready(on)), ...change })
      await expectProblem({ response, status: 400, code })
    })
  }
}

/** What is asked of one oracle about pairings. */
function at({ post }: Rehearsal) {
  const ask = (path: string) => (body: object) =>
    post({ path: `/v1/pairings${path}`, body: { proof: [], ...body } })
  const bare = (path: string) => (body: object) => post({ path: `/v1/pairings/${path}`, body })
  const look = bare('look')
  return {
    make: ask(''),
    open: bare('open'),
    answer: bare('answer'),
    look,
    end: bare('end'),
    seen: async (body: object) => wire.pairingSeenSchema.parse(await (await look(body)).json()),
  }
}

/** A request for a pairing with everything right. */
async function ready(on: Rehearsal, { id = random() }: { id?: Hex } = {}) {
  const coupon = freshCoupon()
  const signed = await fresh(on, { ...coupon, id })
  return { ...coupon, proof: [], ...signed, id, readerToken: random(), request: REQUEST }
}

async function fresh(
  on: Rehearsal,
  { id, ...given }: ReturnType<typeof freshCoupon> & { id: Hex },
) {
  const { chainId, book, campaignId, serial } = given
  const coupon = { chainId, book, campaignId, serial, holder: holder.address }
  const challenge = await on.challengeFor(coupon)
  const claim = { ...claimOf({ coupon, challenge }), evidenceHash: id }
  return { challenge, authorisation: await signedByHolder({ claim }) }
}

function random(): Hex {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
}
