import { expect } from 'chai'
import { errorAnswerSchema } from '@coupon-secure/protocol/wire'
import { readinessSchema } from '@coupon-secure/protocol/wire-readiness'
import { parseEther } from 'viem'
import { holderAt, openBook, sharedWorld, type World } from './rehearsal.ts'
import { rehearse, type Turned } from './rehearsal-relayer.ts'
import { openLocalStore, type Store } from './store.ts'

describe('POST /v1/redemptions', function () {
  this.timeout(120_000)
  let world: World
  let store: Store
  let book: Awaited<ReturnType<typeof openBook>>
  let relayer: Awaited<ReturnType<typeof rehearse>>
  let seat = 0
  before(async () => {
    world = await sharedWorld()
    store = await openLocalStore()
    book = await openBook(world)
    relayer = await open()
  })
  after(() => store.close())

  const open = async (turned: Partial<Turned> = {}) =>
    rehearse({ world, key: await world.fundedKey(), store, ...turned })
  const nextSeat = () => (seat += 1)
  const seconds = () => Math.floor(Date.now() / 1000)
  type Signed = Awaited<ReturnType<typeof book.signed>>

  const refusals: [what: string, body: () => Promise<unknown>, code: string, status: number][] = [
    ['half a body', () => Promise.resolve('{'), 'JSON_INVALID', 400],
    ['a field too many', async () => ({ ...(await ours()), note: 1 }), 'FIELD_UNKNOWN', 400],
    ['another chain', async () => ({ ...(await ours()), chainId: 1 }), 'CHAIN_UNSUPPORTED', 400],
    ['a book that no factory of ours made', elsewhere, 'BOOK_UNKNOWN', 404],
    ['an end too far away', () => ours({ deadline: seconds() + 7_200 }), 'FIELD_INVALID', 400],
    ['a signature of somebody else', forged, 'SIGNATURE_INVALID', 401],
    ['a signature over something else', altered, 'SIGNATURE_INVALID', 401],
  ]
  for (const [what, body, code, status] of refusals) {
    it(`refuses ${what}`, async () => {
      const response = await relayer.bring(await body())
      const { error } = errorAnswerSchema.parse(await response.json())
      expect(error.code).to.equal(code)
      expect(response.status).to.equal(status)
    })
  }

  const nos: [what: string, body: () => Promise<Signed>, code: string][] = [
    ['what has expired', () => ours({ deadline: seconds() - 10 }), 'DEADLINE_PASSED'],
    ['a campaign that is not there', () => ours({ campaignId: 9n, site: 0 }), 'CAMPAIGN_UNKNOWN'],
    [
      'nobody’s word where one is asked for',
      () => ours({ campaignId: 2n, isVouched: false }),
      'PRESENCE_MISSING',
    ],
    ['a site that is not there', () => ours({ campaignId: 2n, site: 3 }), 'SITE_UNKNOWN'],
    ['a witness’s word for another coupon', swapped, 'STATEMENT_INVALID'],
    ['a coupon of somebody else', notOurs, 'COUPON_UNKNOWN'],
  ]
  for (const [what, body, code] of nos) {
    it(`says with the contract’s reason why not: ${what}`, async () => {
      const response = await relayer.bring(await body())
      expect(response.status).to.equal(422)
      const status = await relayer.statusIn(response)
      expect(status).to.include({ state: 'refused', code })
      expect(status).to.have.property('message').that.matches(/[.]$/)
      const asked = await relayer.ask(`/v1/redemptions/${status.digest}`)
      expect(asked.status, 'and keeps nothing of it').to.equal(404)
    })
  }

  it('takes one on once, however often and at once it is brought', async () => {
    const body = await ours()
    const answers = await Promise.all(Array.from({ length: 6 }, () => relayer.bring(body)))
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 200, 200, 200, 200, 201])
    const statuses = await Promise.all(answers.map((answer) => relayer.statusIn(answer)))
    expect(new Set(statuses.map(({ digest }) => digest)).size).to.equal(1)
    const [{ digest } = { digest: '0x' as const }] = statuses
    await relayer.workUntil({ digest, state: 'final' })
    const again = await relayer.bring(body)
    expect(again.status).to.equal(200)
    expect(await relayer.statusIn(again)).to.include({ digest, state: 'final' })
    expect((await book.redeemed()).get(`1 ${BigInt(body.serial)}`)).to.equal(1)
  })

  it('answers for a coupon under way with where that stands, also if it is signed anew', async () => {
    const of = nextSeat()
    const bodies = await Promise.all(
      [500, 501].map((later) => book.signed({ seat: of, deadline: seconds() + later })),
    )
    const [one, other] = await Promise.all(bodies.map((body) => relayer.take(body)))
    expect(one!.digest).to.equal(other!.digest)
    await relayer.workUntil({ digest: one!.digest, state: 'final' })
    const late = await relayer.bring(await book.signed({ seat: of, deadline: seconds() + 502 }))
    expect(await relayer.statusIn(late)).to.include({ code: 'COUPON_REDEEMED' })
  })

  it('lets one that was refused be tried again, but not too often', async () => {
    const paused = await openBook(world, { coupons: 3 })
    const strict = await open({ app: { mostPerCouponAndHour: 2 } })
    const body = await paused.signed({ seat: 0 })
    const { digest } = await strict.take(body)
    for (const expected of ['waiting', 'often']) {
      await paused.pause(true)
      await strict.workUntil({ digest, state: 'refused' })
      expect(await strict.statusOf(digest)).to.include({ code: 'CAMPAIGN_PAUSED' })
      await paused.pause(false)
      const answer = await strict.bring(body)
      if (expected === 'waiting') {
        expect(await strict.statusIn(answer)).to.include({ state: 'waiting' })
        continue
      }
      expect(answer.status).to.equal(429)
      expect(Number(answer.headers.get('retry-after'))).to.be.within(3_000, 3_600)
    }
  })

  it('takes nothing on without money above the floor, and says so in /readyz too', async () => {
    const poor = await open({ key: await world.fundedKey('0.4'), floor: parseEther('0.5') })
    await expectShort({ relayer: poor, code: 'BALANCE_LOW', check: 'balance above floor' })
  })

  it('takes nothing on when the day’s budget is spent, answers what it knows, and sends no more', async () => {
    const thrifty = await open({ dailyBudget: 500_000_000_000_000n })
    const one = await thrifty.take(await ours())
    await thrifty.workUntil({ digest: one.digest, state: 'final' })
    const frugal = await open({ dailyBudget: 1n })
    const body = await ours()
    const taken = await thrifty.take(body)
    await frugal.worker.turn()
    expect(await frugal.statusOf(taken.digest), 'not with that budget').to.include({
      state: 'waiting',
    })
    expect(await frugal.take(body), 'of which it knows').to.include({ state: 'waiting' })
    await expectShort({ relayer: frugal, code: 'BUDGET_SPENT', check: 'budget left' })
    await thrifty.workUntil({ digest: taken.digest, state: 'final' })
  })

  it('sends a network away that asks too much', async () => {
    const strict = await open({ app: { mostPerNetworkAndMinute: 2 } })
    const body = await ours({ deadline: seconds() - 10 })
    const statuses = [await strict.bring(body), await strict.bring(body), await strict.bring(body)]
    expect(statuses.map(({ status }) => status)).to.deep.equal([422, 422, 429])
  })

  async function expectShort({
    relayer: short,
    code,
    check,
  }: {
    relayer: typeof relayer
    code: string
    check: string
  }) {
    const response = await short.bring(await ours())
    expect(response.status).to.equal(503)
    expect(errorAnswerSchema.parse(await response.json()).error.code).to.equal(code)
    const ready = await short.ask('/readyz')
    expect(ready.status).to.equal(503)
    const { checks } = readinessSchema.parse(await ready.json())
    const failing = checks.filter(({ state }) => state !== 'well').map(({ name }) => name)
    expect(failing).to.deep.equal([check])
  }

  function ours(change: Partial<Parameters<typeof book.signed>[0]> = {}): Promise<Signed> {
    return book.signed({ seat: nextSeat(), ...change })
  }
  async function elsewhere() {
    return { ...(await ours()), book: holderAt(1).address }
  }
  async function forged() {
    const { signature } = await ours()
    return ours({ signature })
  }
  async function altered() {
    return { ...(await ours()), deadline: seconds() + 321 }
  }
  async function swapped() {
    const [one, other] = [await ours({ campaignId: 2n }), await ours({ campaignId: 2n })]
    return { ...one, statements: other.statements }
  }
  async function notOurs() {
    const [one, other] = [await ours(), await ours()]
    return { ...one, proof: other.proof }
  }
})
