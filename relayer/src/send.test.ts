import { expect } from 'chai'
import { createTestClient, http, parseGwei, type Hex } from 'viem'
import { openBook, sharedWorld, type World } from './rehearsal.ts'
import { rehearse, type Turned } from './rehearsal-relayer.ts'
import { openLocalStore, type Store } from './store.ts'

describe('the relayer sends', function () {
  this.timeout(120_000)
  let world: World
  let store: Store
  let book: Awaited<ReturnType<typeof openBook>>
  let seat = 0
  before(async () => {
    world = await sharedWorld()
    store = await openLocalStore()
    book = await openBook(world)
  })
  afterEach(() => world.ask('evm_setAutomine', true))
  after(() => store.close())

  /** A relayer on the tests' store, with a key of its own. */
  const open = async (turned: Partial<Turned> = {}) =>
    rehearse({ world, key: await world.fundedKey(), store, ...turned })
  const nextSeat = () => (seat += 1)
  const mine = (blocks = 1) => world.ask('anvil_mine', `0x${blocks.toString(16)}`)
  const hashOf = (status: object) => ('transaction' in status ? (status.transaction as Hex) : '0x')
  const timesUsed = async (of: number) => (await book.redeemed()).get(`1 ${of}`) ?? 0

  it('what holders signed, in one transaction for each campaign and site', async () => {
    const relayer = await open()
    const [first, second] = [nextSeat(), nextSeat()]
    const [one, two, three] = await Promise.all([
      relayer.take(await book.signed({ seat: first })),
      relayer.take(await book.signed({ seat: second })),
      relayer.take(await book.signed({ seat: first, campaignId: 2n })),
    ])
    for (const taken of [one, two, three]) {
      expect(taken, JSON.stringify(taken)).to.include({ state: 'waiting', version: 1 })
    }
    const done = await relayer.workUntil({ digest: one.digest, state: 'final' })
    const other = await relayer.workUntil({ digest: two.digest, state: 'final' })
    const vouched = await relayer.workUntil({ digest: three.digest, state: 'final' })
    expect(hashOf(done))
      .to.match(/^0x.{64}$/)
      .and.to.equal(hashOf(other))
    expect(hashOf(vouched), 'another campaign').not.to.equal(hashOf(done))
    expect(await timesUsed(first)).to.equal(1)
    expect(await timesUsed(second)).to.equal(1)
    const { at } = done as { at: number }
    expect(at).to.be.closeTo(Math.floor(Date.now() / 1000), 60)
  })

  it('when enough wait, or the first has waited long enough, and not before', async () => {
    const relayer = await open({ batch: { items: 2, milliseconds: 60_000 } })
    const one = await relayer.take(await book.signed({ seat: nextSeat() }))
    await relayer.worker.turn()
    expect(await relayer.statusOf(one.digest)).to.include({ state: 'waiting' })
    relayer.clock.ahead = 61_000
    await relayer.worker.turn()
    expect(await relayer.statusOf(one.digest)).to.include({ state: 'sent' })
    relayer.clock.ahead = 0
    const two = await relayer.take(await book.signed({ seat: nextSeat() }))
    await relayer.take(await book.signed({ seat: nextSeat() }))
    await relayer.workUntil({ digest: two.digest, state: 'final' })
  })

  it('nothing that would be refused: used meanwhile, or too late', async () => {
    const relayer = await open()
    const [used, late] = [nextSeat(), nextSeat()]
    const seconds = Math.floor(Date.now() / 1000)
    const one = await relayer.take(await book.signed({ seat: used }))
    const two = await relayer.take(await book.signed({ seat: late, deadline: seconds + 30 }))
    await book.redeemDirectly({ seat: used, tip: parseGwei('2') })
    relayer.clock.ahead = 31_000
    await relayer.worker.turn()
    expect(await relayer.statusOf(one.digest)).to.include({ code: 'COUPON_REDEEMED' })
    expect(await relayer.statusOf(two.digest)).to.include({ code: 'DEADLINE_PASSED' })
    const { address } = relayer.payer
    expect(await world.client.getTransactionCount({ address }), 'and pays for nothing').to.equal(0)
  })

  it('a whole batch that the contract takes after one question, and asks of each where it does not', async () => {
    const asked = { ofBatches: 0, ofOne: 0 }
    const relayer = await open({
      through: (chain) => ({
        ...chain,
        redeemedBy: (what) => {
          asked.ofBatches += 1
          return chain.redeemedBy(what)
        },
        refusalOf: (what) => {
          asked.ofOne += 1
          return chain.refusalOf(what)
        },
      }),
    })
    const takeThree = async () => {
      const seats = [nextSeat(), nextSeat(), nextSeat()]
      const taken = await Promise.all(
        seats.map(async (of) => relayer.take(await book.signed({ seat: of }))),
      )
      Object.assign(asked, { ofBatches: 0, ofOne: 0 }) // when they were brought
      return { seats, digests: taken.map(({ digest }) => digest) }
    }
    const good = await takeThree()
    await relayer.worker.turn()
    expect(asked).to.deep.equal({ ofBatches: 1, ofOne: 0 })
    for (const digest of good.digests) await relayer.workUntil({ digest, state: 'final' })

    const mixed = await takeThree()
    const [, used = 0] = mixed.seats
    await book.redeemDirectly({ seat: used, tip: parseGwei('2') })
    await relayer.worker.turn()
    expect(asked).to.deep.equal({ ofBatches: 1, ofOne: 3 })
    const [first, second, third] = mixed.digests as [Hex, Hex, Hex]
    expect(await relayer.statusOf(second)).to.include({ code: 'COUPON_REDEEMED' })
    const done = await relayer.workUntil({ digest: first, state: 'final' })
    const other = await relayer.workUntil({ digest: third, state: 'final' })
    expect(hashOf(done)).to.equal(hashOf(other))

    const paused = await takeThree()
    await book.pause(true)
    await relayer.worker.turn()
    await book.pause(false)
    for (const digest of paused.digests) {
      expect(await relayer.statusOf(digest)).to.include({ code: 'CAMPAIGN_PAUSED' })
    }
    for (const of of [...good.seats, ...mixed.seats]) expect(await timesUsed(of)).to.equal(1)
  })

  it('on to the other books where the chain has taken one back', async () => {
    const { chain, payer } = await open()
    const nowhere = { book: payer.address, data: '0x' as const }
    expect(await chain.redeemedBy({ from: payer.address, call: nowhere })).to.equal(0)
  })

  it('beside a direct use in the same block, and names who was refused; the others go through', async () => {
    const relayer = await open()
    const [beaten, fine] = [nextSeat(), nextSeat()]
    await world.ask('evm_setAutomine', false)
    const one = await relayer.take(await book.signed({ seat: beaten }))
    const two = await relayer.take(await book.signed({ seat: fine }))
    await relayer.worker.turn()
    expect(await relayer.statusOf(one.digest)).to.include({ state: 'sent' })
    const direct = await book.redeemDirectly({ seat: beaten, tip: parseGwei('50') })
    await mine()
    const refused = await relayer.workUntil({ digest: one.digest, state: 'refused' })
    const done = await relayer.workUntil({ digest: two.digest, state: 'final' })
    expect(refused).to.include({ code: 'COUPON_REDEEMED' })
    const [ours, theirs] = await Promise.all(
      [hashOf(done), direct].map((hash) => world.client.getTransactionReceipt({ hash })),
    )
    expect(ours?.blockNumber).to.equal(theirs?.blockNumber)
    expect(theirs?.status).to.equal('success')
    expect(await timesUsed(beaten)).to.equal(1)
  })

  it('again and dearer what is stuck, up to the cap, and it is done once', async () => {
    const relayer = await open({ stuckAfter: 10_000, mostFee: parseGwei('20') })
    await world.ask('evm_setAutomine', false)
    const of = nextSeat()
    const one = await relayer.take(await book.signed({ seat: of }))
    await relayer.worker.turn()
    const first = hashOf(await relayer.statusOf(one.digest))
    const feeOf = async (hash: Hex) =>
      (await world.client.getTransaction({ hash })).maxFeePerGas ?? 0n
    const before = await feeOf(first)
    relayer.clock.ahead = 11_000
    await relayer.worker.turn()
    const second = hashOf(await relayer.statusOf(one.digest))
    expect(second).not.to.equal(first)
    expect(await feeOf(second)).to.be.greaterThan((before * 11n) / 10n)
    for (let step = 2; step < 20; step += 1) {
      relayer.clock.ahead = step * 11_000
      await relayer.worker.turn()
    }
    const last = hashOf(await relayer.statusOf(one.digest))
    expect(await feeOf(last)).to.be.greaterThan(parseGwei('10'))
    expect(await feeOf(last)).not.to.be.greaterThan(parseGwei('20'))
    await mine()
    const done = await relayer.workUntil({ digest: one.digest, state: 'final' })
    expect(hashOf(done)).to.equal(last)
    const { address } = relayer.payer
    expect(await world.client.getTransactionCount({ address })).to.equal(1)
    expect(await timesUsed(of)).to.equal(1)
  })

  it('again what a reorganised chain has taken back', async () => {
    const relayer = await open({ finalAfter: 3 })
    const of = nextSeat()
    await mine(2)
    const one = await relayer.take(await book.signed({ seat: of }))
    const confirmed = await relayer.workUntil({ digest: one.digest, state: 'confirmed' })
    await world.ask('evm_setAutomine', false)
    const test = createTestClient({ mode: 'anvil', transport: http(world.rpcUrl) })
    await test.request({ method: 'anvil_reorg', params: [1, []] } as never)
    await test.dropTransaction({ hash: hashOf(confirmed) }).catch(() => undefined) // nobody knows it
    expect(await timesUsed(of), 'the chain has forgotten it').to.equal(0)
    relayer.moves.count = 0
    const sent = await relayer.workUntil({ digest: one.digest, state: 'sent' })
    expect(relayer.moves.count, 'and whoever watches is told').to.be.greaterThan(0)
    expect(sent.version).to.be.greaterThan(confirmed.version)
    relayer.clock.ahead = 3_000
    await relayer.worker.turn()
    await mine()
    await relayer.workUntil({ digest: one.digest, state: 'confirmed' })
    await mine(3)
    await relayer.workUntil({ digest: one.digest, state: 'final' })
    expect(await timesUsed(of)).to.equal(1)
    expect(relayer.outcomes).to.include('reorganised')
  })

  it('what was written down and never broadcast, when it has died in between', async () => {
    const key = await world.fundedKey()
    const of = nextSeat()
    const mute = await open({
      key,
      owner: 'who dies',
      leaseMilliseconds: 500,
      through: (chain) => ({ ...chain, broadcast: () => Promise.reject(new Error('killed')) }),
    })
    const one = await mute.take(await book.signed({ seat: of }))
    const death = await mute.worker.turn().then(
      () => 'none',
      (error: unknown) => String(error),
    )
    expect(death).to.contain('killed')
    const written = hashOf(await mute.statusOf(one.digest))
    expect(written).to.match(/^0x.{64}$/)
    const heir = await open({ key, owner: 'the heir' })
    const done = await heir.workUntil({ digest: one.digest, state: 'final' })
    expect(hashOf(done), 'the very same transaction').to.equal(written)
    expect(await timesUsed(of)).to.equal(1)
  })

  it('anew what lost its nonce to something else of the key', async () => {
    const key = await world.fundedKey()
    const relayer = await open({
      key,
      through: (chain) => ({ ...chain, broadcast: () => Promise.resolve(false) }),
    })
    const of = nextSeat()
    const one = await relayer.take(await book.signed({ seat: of }))
    await relayer.worker.turn()
    const foreign = await relayer.payer.sign({
      call: { book: relayer.payer.address, data: '0x' },
      nonce: 0,
      gas: 30_000n,
      fees: { maxFee: parseGwei('10'), tip: 1n },
      now: 0,
    })
    await world.client.sendRawTransaction({ serializedTransaction: foreign.raw })
    relayer.moves.count = 0
    for (let turn = 0; turn < 50 && !relayer.outcomes.includes('lost'); turn += 1) {
      await relayer.worker.turn()
    }
    expect(relayer.outcomes).to.include('lost')
    expect(relayer.moves.count, 'that it waits, and is sent again').to.equal(2)
    const sane = await open({ key })
    const done = await sane.workUntil({ digest: one.digest, state: 'final' })
    expect((await world.client.getTransaction({ hash: hashOf(done) })).nonce).to.equal(1)
    expect(await timesUsed(of)).to.equal(1)
  })

  it('anew what waits behind nonces of a chain that is gone', async () => {
    const key = await world.fundedKey()
    const relayer = await open({ key })
    const { address } = relayer.payer
    await world.ask('anvil_setNonce', address, '0x7')
    await world.ask('evm_setAutomine', false)
    const of = nextSeat()
    const one = await relayer.take(await book.signed({ seat: of }))
    await relayer.worker.turn()
    await world.ask('anvil_dropAllTransactions')
    await world.ask('anvil_setNonce', address, '0x2')
    await world.ask('evm_setAutomine', true)
    const done = await relayer.workUntil({ digest: one.digest, state: 'final' })
    expect((await world.client.getTransaction({ hash: hashOf(done) })).nonce).to.equal(2)
    expect(await timesUsed(of)).to.equal(1)
  })

  it('with one key from one of two that have it, whatever both try', async () => {
    const key = await world.fundedKey()
    const both = await Promise.all(['one', 'two'].map((owner) => open({ key, owner })))
    const seats = Array.from({ length: 12 }, nextSeat)
    const taken = await Promise.all(
      seats.map(async (of, index) => both[index % 2]!.take(await book.signed({ seat: of }))),
    )
    const outcome = await Promise.all(
      both.map(async ({ worker }) => {
        const turns: boolean[] = []
        for (let turn = 0; turn < 10; turn += 1) turns.push(await worker.turn())
        return turns.some(Boolean)
      }),
    )
    expect(outcome.filter(Boolean), 'the other does nothing').to.have.length(1)
    for (const { digest } of taken) await both[0]!.workUntil({ digest, state: 'final' })
    for (const of of seats) expect(await timesUsed(of)).to.equal(1)
    await both[outcome.indexOf(true)]!.worker.end()
    expect(await both[outcome.indexOf(false)]!.worker.turn(), 'and then it may').to.equal(false)
    const last = await both[0]!.take(await book.signed({ seat: nextSeat() }))
    await both[outcome.indexOf(false)]!.workUntil({ digest: last.digest, state: 'final' })
  })
})
