import { domainOf } from '@coupon-secure/protocol/presence'
import { workerAnswerSchema } from '@coupon-secure/protocol/wire-worker'
import { hashWorker, workerTypes } from '@coupon-secure/protocol/worker'
import { expect } from 'chai'
import { expectProblem } from './expectations.ts'
import type { HyperTrack } from './hypertrack.ts'
import {
  book,
  CHAIN_ID,
  freshCoupon,
  holder,
  NOW,
  otherBook,
  rehearse,
  SECONDS,
  stranger,
} from './rehearsal.ts'
import { openRehearsalStore } from './rehearsal-store.ts'
import type { Store } from './store.ts'

const hyperTrack: HyperTrack = {
  read: () => Promise.resolve({ outcome: 'refused', code: 'DEVICE_SILENT' }),
  hear: () => undefined,
}

describe('oracle: POST /v1/workers', () => {
  let store: Store
  let rehearsal: Awaited<ReturnType<typeof rehearse>>
  const bind = async (request: unknown) => rehearsal.post({ path: '/v1/workers', body: request })
  const workerOf = (account = holder) =>
    store.workerOf({ book, holder: account.address, now: rehearsal.clock.now })

  before(async function () {
    this.timeout(20_000)
    store = await openRehearsalStore()
  })
  beforeEach(async () => {
    rehearsal = await rehearse({ store, hyperTrack })
    rehearsal.clock.now = NOW
  })
  after(() => store.close())

  it('binds, changes and takes back, each signed later than the one before', async () => {
    const steps = [
      ['worker-1', 0],
      ['worker-2', 1],
      ['', 2],
      ['worker-1', 3],
    ] as const
    for (const [workerHandle, later] of steps) {
      const response = await bind(await signed({ workerHandle, issuedAt: SECONDS + later }))
      const { isBound } = workerAnswerSchema.parse(await response.json())
      expect(isBound).to.equal(workerHandle !== '')
      expect(await workerOf()).to.equal(workerHandle === '' ? undefined : workerHandle)
    }
  })

  it('takes no signature a second time, even after it was taken back', async () => {
    const first = await signed({ workerHandle: 'once', issuedAt: SECONDS + 10 })
    expect((await bind(first)).status).to.equal(200)
    const again = await bind(first)
    await expectProblem({ response: again, status: 410, code: 'WORKER_BINDING_OLD' })
    expect(
      (await bind(await signed({ workerHandle: '', issuedAt: SECONDS + 11 }))).status,
    ).to.equal(200)
    const replayed = await bind(first)
    await expectProblem({ response: replayed, status: 410, code: 'WORKER_BINDING_OLD' })
    expect(await workerOf()).to.equal(undefined)
  })

  it('takes none that is five minutes old or ahead', async () => {
    for (const issuedAt of [SECONDS - 301, SECONDS + 302]) {
      const response = await bind(await signed({ issuedAt }))
      await expectProblem({ response, status: 410, code: 'WORKER_BINDING_OLD' })
    }
    expect((await bind(await signed({ issuedAt: SECONDS + 300 }))).status).to.equal(200)
  })

  it('binds one worker to one holder of a book', async () => {
    const later = { issuedAt: SECONDS + 300 }
    rehearsal.clock.now += 300_000
    expect(
      (await bind(await signed({ workerHandle: 'shared', issuedAt: SECONDS + 301 }))).status,
    ).to.equal(200)
    const other = await signed({ workerHandle: 'shared', by: stranger, ...later })
    await expectProblem({ response: await bind(other), status: 409, code: 'WORKER_TAKEN' })
    expect(await workerOf(stranger)).to.equal(undefined)
    expect(
      (await bind(await signed({ workerHandle: '', issuedAt: SECONDS + 302 }))).status,
    ).to.equal(200)
    expect((await bind(other)).status).to.equal(200)
    expect(await workerOf(stranger)).to.equal('shared')
  })

  it('lets two who want one worker at once have it once', async () => {
    rehearsal.clock.now += 600_000
    const issuedAt = SECONDS + 600
    const both = await Promise.all([
      bind(await signed({ workerHandle: 'wanted', issuedAt })),
      bind(await signed({ workerHandle: 'wanted', issuedAt, by: stranger })),
    ])
    expect(both.map(({ status }) => status).sort()).to.deep.equal([200, 409])
  })

  it('forgets after thirty days', async () => {
    const day = 24 * 60 * 60
    rehearsal.clock.now += 700_000
    await bind(await signed({ workerHandle: 'old', issuedAt: SECONDS + 700 }))
    rehearsal.clock.now += 30 * day * 1000
    expect(await workerOf()).to.equal('old')
    rehearsal.clock.now += 1_000
    expect(await workerOf()).to.equal(undefined)
    await store.forget(rehearsal.clock.now)
    rehearsal.clock.now = NOW + 700_000
    expect(await workerOf()).to.equal(undefined)
  })

  it('takes the approval of a holder that is a contract', async () => {
    rehearsal.clock.now += 800_000
    const worker = { workerHandle: 'contract', issuedAt: SECONDS + 800 }
    const request = { ...(await signed(worker)), signature: `0x${'00'.repeat(65)}` }
    await expectProblem({ response: await bind(request), status: 401, code: 'SIGNATURE_INVALID' })
    rehearsal.says.approved = hashWorker({
      chainId: CHAIN_ID,
      book,
      worker: { ...worker, holder: holder.address, issuedAt: BigInt(worker.issuedAt) },
    })
    expect((await bind(request)).status).to.equal(200)
  })

  const refused: [string, (good: Signed) => object, number, string][] = [
    [
      'another’s signature',
      (good) => ({ ...good, holder: stranger.address }),
      401,
      'SIGNATURE_INVALID',
    ],
    [
      'another handle than signed',
      (good) => ({ ...good, workerHandle: 'x' }),
      401,
      'SIGNATURE_INVALID',
    ],
    [
      'another moment',
      (good) => ({ ...good, issuedAt: good.issuedAt - 1 }),
      401,
      'SIGNATURE_INVALID',
    ],
    ['another book', (good) => ({ ...good, book: otherBook }), 404, 'BOOK_UNKNOWN'],
    ['another chain', (good) => ({ ...good, chainId: 1 }), 400, 'CHAIN_UNSUPPORTED'],
    ['a way up', (good) => ({ ...good, workerHandle: '..' }), 400, 'WORKER_HANDLE_INVALID'],
    ['a path', (good) => ({ ...good, workerHandle: 'a/b' }), 400, 'WORKER_HANDLE_INVALID'],
    [
      'a handle that is no text',
      (good) => ({ ...good, workerHandle: 7 }),
      400,
      'WORKER_HANDLE_INVALID',
    ],
    ['a moment in milliseconds', (good) => ({ ...good, issuedAt: NOW }), 400, 'TIMESTAMP_UNIT'],
    ['a signature of nothing', (good) => ({ ...good, signature: '0x' }), 400, 'HEX_INVALID'],
    ['more than was asked', (good) => ({ ...good, admin: true }), 400, 'FIELD_UNKNOWN'],
  ]
  for (const [what, change, status, code] of refused) {
    it(`refuses ${what}: ${code}`, async () => {
      const response = await bind(change(await signed({})))
      await expectProblem({ response, status, code })
    })
  }

  it('is for holders of the book alone', async () => {
    for (const status of ['not-issued', 'revoked'] as const) {
      rehearsal.says.status = status
      const response = await bind(await signed({}))
      await expectProblem({ response, status: 403, code: 'NOT_A_HOLDER' })
    }
  })

  it('says so where managed devices cannot be read', async () => {
    const { post } = await rehearse({ store })
    const response = await post({ path: '/v1/workers', body: await signed({}) })
    await expectProblem({ response, status: 422, code: 'SOURCE_NOT_OFFERED' })
  })

  it('is limited', async () => {
    const statuses: number[] = []
    rehearsal.clock.now += 7_200_000
    for (let times = 0; times < 21; times++) {
      const issuedAt = SECONDS + 7_200 + times
      statuses.push((await bind(await signed({ workerHandle: 'busy', issuedAt }))).status)
    }
    expect(statuses.at(-2)).to.equal(200)
    expect(statuses.at(-1)).to.equal(429)
  })
})

type Signed = Awaited<ReturnType<typeof signed>>

async function signed({
  workerHandle = 'worker',
  issuedAt = SECONDS,
  by = holder,
}: {
  workerHandle?: string
  issuedAt?: number
  by?: typeof holder
}) {
  const coupon = { ...freshCoupon(), holder: by.address }
  const signature = await by.signTypedData({
    domain: domainOf({ chainId: CHAIN_ID, book }),
    types: workerTypes,
    primaryType: 'Worker',
    message: { holder: by.address, workerHandle, issuedAt: BigInt(issuedAt) },
  })
  return { ...coupon, proof: [], workerHandle, issuedAt, signature }
}
