import { leafOfEntry } from '@coupon-secure/protocol/log-entry'
import { isConsistent, isIncluded } from '@coupon-secure/protocol/merkle-log'
import { hashPresence } from '@coupon-secure/protocol/presence'
import { hashRefusal } from '@coupon-secure/protocol/refusal'
import { grantSchema } from '@coupon-secure/protocol/wire'
import {
  consistencyAnswerSchema,
  entriesAnswerSchema,
  inclusionAnswerSchema,
  logHeadAnswerSchema,
} from '@coupon-secure/protocol/wire-log'
import { expect } from 'chai'
import type { Hex } from 'viem'
import { StoreUnavailableError } from '@coupon-secure/service/errors'
import { expectProblem, expectRefusal } from './expectations.ts'
import {
  book,
  CHAIN_ID,
  holder,
  insidePosition,
  messHall,
  outsidePosition,
  rehearse,
  SECONDS,
  signer,
} from './rehearsal.ts'
import { openRehearsalStore, sharedStore } from './rehearsal-store.ts'
import type { Store } from './store.ts'

type Rehearsal = Awaited<ReturnType<typeof rehearse>>

describe('oracle: the log', () => {
  let store: Store
  let rehearsal: Rehearsal

  before(async function () {
    this.timeout(60_000)
    store = await openRehearsalStore()
    rehearsal = await rehearse({ store })
    await rehearsal.post({ path: '/v1/geofences', body: messHall })
  })
  beforeEach(() => rehearsal.reset())
  after(() => store.close())

  const get = async (path: string) => rehearsal.app.request(path)
  const head = async () => logHeadAnswerSchema.parse(await (await get('/v1/log')).json())
  const inclusion = async (query: string) =>
    inclusionAnswerSchema.parse(await (await get(`/v1/log/inclusion?${query}`)).json())
  const grant = async () =>
    grantSchema.parse(await (await rehearsal.present(await rehearsal.readyClaim())).json())
  const refuse = async () => {
    const body = await rehearsal.readyClaim({ position: outsidePosition })
    return expectRefusal({ response: await rehearsal.present(body), code: 'OUTSIDE_GEOFENCE' })
  }

  /** That the digest is in the log where the answer said, by a proof that leads to the signed root. */
  async function expectLogged({
    digest,
    kind,
    logged,
  }: {
    digest: Hex
    kind: 'statement' | 'refusal'
    logged: { index: number; loggedAt: number }
  }) {
    const { root, size } = await head()
    const found = await inclusion(`digest=${digest}&size=${size}`)
    const { index, proof, ...entry } = found
    expect({
      kind: entry.kind,
      digest: entry.digest,
      index,
      loggedAt: entry.loggedAt,
    }).to.deep.equal({ kind, digest, ...logged })
    const leaf = leafOfEntry(entry)
    expect(isIncluded({ leaf, index, size, proof, root })).to.equal(true)
    expect(await inclusion(`index=${index}&size=${size}`)).to.deep.equal(found)
  }

  it('has every yes and every no by the time its holder hears it', async () => {
    const before = await head()
    for (let round = 0; round < 3; round += 1) {
      const { presence, logged } = await grant()
      const digest = hashPresence({ chainId: CHAIN_ID, book, presence })
      expect(logged).to.deep.equal({ index: before.size + 2 * round, loggedAt: SECONDS })
      await expectLogged({ digest, kind: 'statement', logged })

      const { refusal, logged: noted } = await refuse()
      const refused = hashRefusal({ chainId: CHAIN_ID, book, refusal })
      expect(noted.index).to.equal(before.size + 2 * round + 1)
      await expectLogged({ digest: refused, kind: 'refusal', logged: noted })
    }
    expect((await head()).size).to.equal(before.size + 6)
  })

  it('has nothing of a request that was not admitted', async () => {
    const { size } = await head()
    const body = await rehearsal.readyClaim()
    await rehearsal.present({ ...body, authorisation: { ...body.authorisation, signature: '0x' } })
    expect((await head()).size).to.equal(size)
  })

  it('lets no statement out that it could not write down', async () => {
    const shared = await sharedStore()
    const broken = await rehearse({
      store: { ...shared, appendToLog: () => Promise.reject(new StoreUnavailableError()) },
    })
    await broken.post({ path: '/v1/geofences', body: messHall })
    for (const position of [insidePosition, outsidePosition]) {
      const response = await broken.present(await broken.readyClaim({ position }))
      const text = await response.clone().text()
      await expectProblem({ response, status: 503, code: 'STORE_UNAVAILABLE' })
      expect(text).not.to.contain('signature')
      expect(text).not.to.contain('statement')
    }
  })

  it('only ever grows: each head leads to every later one', async () => {
    const heads = [await head()]
    for (let round = 0; round < 5; round += 1) {
      await (round % 2 ? grant() : refuse())
      rehearsal.clock.now += 1_000
      heads.push(await head())
    }
    for (const [at, older] of heads.entries()) {
      for (const newer of heads.slice(at)) {
        const { size: first, root: firstRoot } = older
        const { size: second, root: secondRoot } = newer
        const response = await get(`/v1/log/consistency?first=${first}&second=${second}`)
        const { proof } = consistencyAnswerSchema.parse(await response.json())
        expect(isConsistent({ first, second, firstRoot, secondRoot, proof })).to.equal(true)
      }
    }
  })

  it('says nothing of who, where, which coupon and why', async () => {
    const { presence } = await grant()
    const { refusal } = await refuse()
    const { size } = await head()
    const answers = await Promise.all(
      ['', '/entries?from=0&to=1000', `/inclusion?index=${size - 1}`].map(async (path) => {
        const response = await get(`/v1/log${path}`)
        return response.text()
      }),
    )
    const said = answers.join(' ').toLowerCase()
    for (const secret of [
      holder.address.slice(2).toLowerCase(),
      book.slice(2).toLowerCase(),
      presence.evidenceHash.slice(2),
      refusal.evidenceHash.slice(2),
      presence.geofenceHash.slice(2),
      'outside',
      'site',
      'serial',
    ]) {
      expect(said).not.to.contain(secret)
    }
    const entries = entriesAnswerSchema.parse(JSON.parse(answers[1] ?? ''))
    expect(Object.keys(entries.entries[0] ?? {}).sort()).to.deep.equal([
      'digest',
      'kind',
      'loggedAt',
    ])
  })

  it('hands out its entries in part or in whole, a thousand at most', async () => {
    const { size, address } = await head()
    expect(address).to.equal(signer.address)
    const all = entriesAnswerSchema.parse(
      await (await get(`/v1/log/entries?from=0&to=${size + 5}`)).json(),
    )
    expect(all.entries).to.have.length(size)
    const some = entriesAnswerSchema.parse(await (await get('/v1/log/entries?from=2&to=4')).json())
    expect(some).to.deep.equal({ from: 2, entries: all.entries.slice(2, 4) })
    const asked: { from: number; to: number }[] = []
    const counting = await rehearse({
      store: {
        ...store,
        logEntries: (range) => {
          asked.push(range)
          return Promise.resolve([])
        },
      },
    })
    await counting.app.request('/v1/log/entries?from=7&to=999999')
    expect(asked).to.deep.equal([{ from: 7, to: 1_007 }])
  })

  describe('given a question that makes no sense', () => {
    const nobodys = `0x${'77'.repeat(32)}`
    const questions: [path: string, status: number, code: string, field?: string][] = [
      ['inclusion', 400, 'FIELD_MISSING', 'digest'],
      [`inclusion?digest=${nobodys}`, 404, 'LOG_ENTRY_UNKNOWN'],
      [`inclusion?digest=${nobodys}&index=1`, 400, 'FIELD_INVALID', 'digest'],
      ['inclusion?digest=0x12', 400, 'HEX_INVALID', 'digest'],
      ['inclusion?index=3&size=3', 404, 'LOG_ENTRY_UNKNOWN'],
      ['inclusion?index=0&size=0', 404, 'LOG_ENTRY_UNKNOWN'],
      ['inclusion?index=0&size=99999', 404, 'LOG_TOO_SHORT'],
      ['inclusion?index=999999999999999', 404, 'LOG_ENTRY_UNKNOWN'],
      ['inclusion?index=9999999999999999', 400, 'NUMBER_INVALID', 'index'],
      ['inclusion?index=-1', 400, 'NUMBER_INVALID', 'index'],
      ['inclusion?index=1e3', 400, 'NUMBER_INVALID', 'index'],
      ['inclusion?index=01', 400, 'NUMBER_INVALID', 'index'],
      ['inclusion?index=', 400, 'NUMBER_INVALID', 'index'],
      ['inclusion?index=1&index=2', 400, 'FIELD_INVALID', 'index'],
      ['inclusion?index=1&holder=me', 400, 'FIELD_UNKNOWN', 'holder'],
      ['inclusion?index=1&__proto__=me', 400, 'FIELD_FORBIDDEN', '__proto__'],
      ['consistency?first=1', 400, 'FIELD_MISSING', 'second'],
      ['consistency?first=3&second=2', 400, 'NUMBER_INVALID', 'first'],
      ['consistency?first=0&second=99999', 404, 'LOG_TOO_SHORT'],
      ['entries?from=0', 400, 'FIELD_MISSING', 'to'],
      ['entries?from=2&to=1', 400, 'NUMBER_INVALID', 'from'],
    ]
    for (const [path, status, code, field] of questions) {
      it(`answers ${path} with ${code}`, async () => {
        const problem = await expectProblem({
          response: await get(`/v1/log/${path}`),
          status,
          code,
        })
        expect(problem.field).to.equal(field)
      })
    }
  })
})
