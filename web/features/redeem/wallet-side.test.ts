import type { PairedRequest } from '@coupon-secure/protocol/wire-pairing'
import type { Position } from '@coupon-secure/protocol/wire-evidence'
import { expect } from 'chai'
import type { Hex } from 'viem'
import type { Failure } from '../../chain/explain-revert.ts'
import { keepAnswering, openRequest } from './other-side.ts'
import type { boxOf } from './pairing-box.ts'
import { pairingNotes } from './pairing-notes.ts'
import type { SignIn } from './sign-in.ts'
import { type Shown, walletSide, type WalletSideTools } from './wallet-side.ts'

const NOW = 1_800_000_000_000
const holder = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5'
const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const pocket = { chainId: 31_337, book, holder } as const
const coupon = { campaignId: 2n, serial: 7n }
const request: PairedRequest = {
  ...{ ...pocket, ...coupon },
  bookName: 'Winter hackathon',
  campaignName: 'Lunch',
}
const position: Position = { longitude: 75.92, latitude: 26.93, accuracyMetres: 8, takenAt: NOW }
const signIn = {} as SignIn
const token = (mark: string): Hex => `0x${mark.repeat(32)}`
const said = <told>(told: told) => ({ ok: true as const, told })
const no = (code: string) => ({ ok: false as const, failure: { code, sentence: 'No.' } })

/** A letter box as the oracle keeps it, for one code. */
function openOracle() {
  type Row = { reader: Hex; request: Hex; writer?: Hex; answer?: Hex; isOver?: true }
  const rows = new Map<Hex, Row>()
  const seen: string[] = []
  const row = (id: Hex) => {
    const found = rows.get(id)
    return found?.isOver ? no('PAIRING_OVER') : found ? said(found) : no('PAIRING_UNKNOWN')
  }
  const make: WalletSideTools['make'] = ({ id, readerToken, request }) => {
    seen.push(id, request)
    const found = rows.get(id)
    if (found?.isOver) return Promise.resolve(no('PAIRING_OVER'))
    if (found && found.reader !== readerToken) return Promise.resolve(no('PAIRING_TAKEN'))
    if (!found) rows.set(id, { reader: readerToken, request })
    return Promise.resolve(said({ expiresAt: NOW / 1000 + 300 }))
  }
  const at = (id: Hex): ReturnType<typeof boxOf> => ({
    open: (writerToken) => {
      const found = row(id)
      if (!found.ok) return Promise.resolve(found)
      found.told.writer ??= writerToken
      if (found.told.writer !== writerToken) return Promise.resolve(no('PAIRING_TAKEN'))
      return Promise.resolve(said({ request: found.told.request, expiresAt: NOW / 1000 + 300 }))
    },
    answer: ({ writerToken, answer }) => {
      const found = row(id)
      if (!found.ok) return Promise.resolve(found)
      if (found.told.writer !== writerToken) return Promise.resolve(no('PAIRING_TAKEN'))
      found.told.answer = answer
      seen.push(answer)
      return Promise.resolve(said({ isDone: true as const }))
    },
    look: () => {
      const found = row(id)
      if (!found.ok) return Promise.resolve(found)
      const { writer, answer } = found.told
      return Promise.resolve(said({ isOpened: writer !== undefined, answer }))
    },
    end: () => {
      const found = rows.get(id)
      if (found) Object.assign(found, { isOver: true, answer: undefined })
      return Promise.resolve(said({ isDone: true as const }))
    },
  })
  return { rows, seen, make, at }
}

function openShelf() {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => void kept.set(name, text),
    removeItem: (name: string) => void kept.delete(name),
  }
}

let marks = 0

/** A wallet's page; `whileWaiting` is played, one after the other, whenever it waits. */
function walletPage({
  oracle = openOracle(),
  shelf = openShelf(),
  whileWaiting = [],
  ...given
}: Partial<WalletSideTools> & {
  oracle?: ReturnType<typeof openOracle>
  shelf?: ReturnType<typeof openShelf>
  whileWaiting?: ((shown: Shown) => unknown)[]
} = {}) {
  const shown: Shown[] = []
  const tools: WalletSideTools = {
    now: () => NOW,
    random: (bytes) => new Uint8Array(bytes).map((_, index) => index * 7 + (marks += 1)),
    notes: pairingNotes({ shelf, pocket, coupon }),
    make: oracle.make,
    boxOf: oracle.at,
    wait: async () => {
      const next = whileWaiting.shift()
      if (next === undefined) throw new Error('It waits for ever.')
      await next(shown.at(-1)!)
    },
    hasLeft: () => false,
    ...given,
  }
  const side = walletSide({ request, tools })
  const locate = (than?: Position) =>
    side.locate({ signIn, than, onShown: (one) => shown.push(one) })
  return { side, locate, shown, oracle, shelf }
}

/** Another browser that has the code. */
async function otherBrowser({
  oracle,
  code,
  writerToken = token('77'),
  chainId = 31_337,
}: {
  oracle: ReturnType<typeof openOracle>
  code: string
  writerToken?: Hex
  chainId?: number
}) {
  return openRequest({ code, chainId, writerToken, boxOf: oracle.at })
}

describe('a position from another browser', () => {
  it('comes from the one that has the code, for the very coupon, and nothing else is told to the oracle', async () => {
    const { locate, oracle, shown } = walletPage({
      whileWaiting: [
        async ({ code }) => {
          const found = await otherBrowser({ oracle, code })
          if (!found.ok) throw new Error(found.failure.code)
          expect(found.opened.request).to.deep.equal(request)
          expect(await found.opened.answer(position)).to.equal(undefined)
        },
      ],
    })
    expect(await locate()).to.deep.equal({ ok: true, position })
    expect(shown.map(({ isOpened }) => isOpened)).to.deep.equal([false])
    const { code } = shown[0]!
    const told = oracle.seen.join(' ').toLowerCase()
    for (const secret of [code, code.replaceAll('-', ''), '75.92', 'lunch', holder]) {
      const asHex = Buffer.from(secret).toString('hex')
      expect(told).not.to.contain(secret.toLowerCase())
      expect(told).not.to.contain(asHex)
    }
  })

  it('goes on with the same code after a reload, and says that it was opened', async () => {
    const first = walletPage({
      whileWaiting: [
        async ({ code }) => {
          await otherBrowser({ oracle: first.oracle, code })
          throw new Error('reloaded')
        },
      ],
    })
    await first.locate().catch(() => undefined)
    const { oracle, shelf } = first
    const again = walletPage({
      ...{ oracle, shelf },
      whileWaiting: [
        async ({ code, isOpened }) => {
          expect(isOpened).to.equal(true)
          const found = await otherBrowser({ oracle, code })
          if (found.ok) await found.opened.answer(position)
        },
      ],
    })
    expect(await again.locate()).to.have.property('ok', true)
    expect(again.shown[0]!.code).to.equal(first.shown[0]!.code)
  })

  it('takes a new code where the kept one was used', async () => {
    const shelf = openShelf()
    const oracle = openOracle()
    const codes: string[] = []
    for (let times = 0; times < 2; times += 1) {
      const page = walletPage({
        ...{ oracle, shelf },
        whileWaiting: [
          ({ code }) => {
            codes.push(code)
            for (const row of oracle.rows.values()) row.isOver = true
          },
        ],
      })
      const answer = await page.locate()
      expect(!answer.ok && answer.failure.code).to.equal('PAIRING_OVER')
    }
    expect(new Set(codes).size).to.equal(2)
  })

  it('waits for a newer one where the oracle wants it, with the same code', async () => {
    const answerWith = async (code: string, takenAt: number) => {
      const found = await otherBrowser({ oracle: page.oracle, code })
      if (found.ok) await found.opened.answer({ ...position, takenAt })
    }
    const page = walletPage({
      whileWaiting: [
        ({ code }) => answerWith(code, NOW - 9_000),
        ({ code }) => answerWith(code, NOW - 1_000),
      ],
    })
    const first = await page.locate()
    if (!first.ok) throw new Error('There is none.')
    const next = await page.locate(first.position)
    expect(next.ok && next.position.takenAt).to.equal(NOW - 1_000)
    expect(new Set(page.shown.map(({ code }) => code)).size).to.equal(1)
    expect(page.oracle.rows.size).to.equal(1)
  })

  it('says that one came too late, and takes the next', async () => {
    const answerWith = async (code: string, takenAt: number) => {
      const found = await otherBrowser({ oracle: page.oracle, code })
      if (found.ok) await found.opened.answer({ ...position, takenAt })
    }
    const page = walletPage({
      whileWaiting: [
        ({ code }) => answerWith(code, NOW - 60_001),
        ({ code, isOld }) => (expect(isOld).to.equal(true), answerWith(code, NOW)),
      ],
    })
    expect(await page.locate()).to.have.property('ok', true)
  })

  for (const [what, change] of [
    ['holder', { holder: book }],
    ['book', { book: holder }],
    ['coupon', { serial: 8n }],
    ['campaign', { campaignId: 3n }],
    ['chain', { chainId: 1 }],
  ] as const) {
    it(`is not taken for another ${what}`, async () => {
      // Somebody who has the code answers for something else.
      const page = walletPage({
        whileWaiting: [
          async ({ code }) => {
            const { openPairing, sealMessage } = await import('./pairing-seal.ts')
            const pairing = await openPairing(code)
            const { chainId, campaignId, serial, ...rest } = { ...request, ...change }
            const message = {
              ...{ chainId, book: rest.book, holder: rest.holder, position },
              campaignId: campaignId.toString(),
              serial: serial.toString(),
            }
            const answer = await sealMessage({ pairing, from: 'other', message })
            page.oracle.rows.get(pairing.id)!.answer = answer
          },
        ],
      })
      const answer = await page.locate()
      expect(!answer.ok && answer.failure.code).to.equal('PAIRING_FOR_ANOTHER')
    })
  }

  it('is not taken from who does not have the code, nor its own question for an answer', async () => {
    for (const answer of [() => token('ab'), (row: { request: Hex }) => row.request]) {
      const page = walletPage({
        whileWaiting: [
          () => {
            for (const row of page.oracle.rows.values()) row.answer = answer(row)
          },
        ],
      })
      const located = await page.locate()
      expect(!located.ok && located.failure.code).to.equal('PAIRING_FOR_ANOTHER')
    }
  })

  it('outlives a line that drops for a moment', async () => {
    const oracle = openOracle()
    let looks = 0
    const page = walletPage({
      oracle,
      boxOf: (id) => ({
        ...oracle.at(id),
        look: (reader) =>
          (looks += 1) < 3 ? Promise.resolve(no('ORACLE_AWAY')) : oracle.at(id).look(reader),
      }),
      whileWaiting: [
        async ({ code }) => {
          const found = await otherBrowser({ oracle, code })
          if (found.ok) await found.opened.answer(position)
        },
        () => undefined,
      ],
    })
    expect(await page.locate()).to.have.property('ok', true)
  })

  it('leaves nothing behind when it is over', async () => {
    const page = walletPage({ whileWaiting: [() => Promise.reject(new Error('enough'))] })
    await page.locate().catch(() => undefined)
    expect(page.shelf.kept.size).to.equal(1)
    await page.side.end()
    expect(page.shelf.kept.size).to.equal(0)
    expect([...page.oracle.rows.values()][0]!.isOver).to.equal(true)
  })

  it('is asked for no more once the person has left', async () => {
    const located = await walletPage({ hasLeft: () => true }).locate()
    expect(!located.ok && located.failure.code).to.equal('POSITION_ABANDONED')
  })
})

describe('the other browser', () => {
  const code = async () => {
    const page = walletPage({ whileWaiting: [() => Promise.reject(new Error('enough'))] })
    await page.locate().catch(() => undefined)
    return { oracle: page.oracle, code: page.shown[0]!.code }
  }
  const failing = async (given: Parameters<typeof otherBrowser>[0]) => {
    const found = await otherBrowser(given)
    return found.ok ? 'opened' : found.failure.code
  }

  it('says of each code that opens nothing why', async () => {
    const made = await code()
    const slip = made.code.endsWith('0') ? '1' : '0'
    expect(await failing({ ...made, code: made.code.slice(0, -1) + slip })).to.equal(
      'PAIRING_CODE_WRONG',
    )
    expect(await failing({ ...made, code: '' })).to.equal('PAIRING_CODE_WRONG')
    expect(await failing({ ...made, oracle: openOracle() })).to.equal('PAIRING_UNKNOWN')
    expect(await failing({ ...made, chainId: 1 })).to.equal('PAIRING_FOR_OTHER_CHAIN')
    expect(await failing(made)).to.equal('opened')
    expect(await failing(made), 'again, after a reload').to.equal('opened')
    expect(await failing({ ...made, writerToken: token('78') })).to.equal('PAIRING_TAKEN')
    for (const row of made.oracle.rows.values()) row.isOver = true
    expect(await failing(made)).to.equal('PAIRING_OVER')
  })

  /** Answers with these positions, or failures, in turn; the box takes so many. */
  const answering = async (located: (Position | string)[], most: number) => {
    const sent: number[] = []
    const after: (number | undefined)[] = []
    const failure = await keepAnswering({
      answer: ({ takenAt }): Promise<Failure | undefined> => {
        if (sent.length >= most) return Promise.resolve(no('PAIRING_OVER').failure)
        sent.push(takenAt)
        return Promise.resolve(undefined)
      },
      locate: (than) => {
        after.push(than)
        const next = located.shift() ?? 'POSITION_TIMEOUT'
        return Promise.resolve(
          typeof next === 'string' ? no(next) : { ok: true as const, position: next },
        )
      },
      onSent: () => undefined,
      wait: () => Promise.resolve(),
      signal: new AbortController().signal,
    })
    return { sent, after, failure: failure?.code }
  }

  it('sends newer positions until the wallet’s page has what it needs', async () => {
    const later = { ...position, takenAt: NOW + 5 }
    expect(await answering([position, later], 3)).to.deep.equal({
      sent: [NOW, NOW + 5, NOW + 5],
      after: [undefined, NOW, NOW + 5, NOW + 5],
      failure: 'PAIRING_OVER',
    })
  })

  it('says why it has none, and stops where the person takes it back', async () => {
    expect(await answering(['POSITION_UNAVAILABLE'], 9)).to.include({
      failure: 'POSITION_UNAVAILABLE',
    })
    const taken = await answering([position, 'POSITION_DENIED'], 9)
    expect(taken).to.deep.include({ sent: [NOW], failure: 'POSITION_DENIED' })
  })
})
