import { expect } from 'chai'
import type { Address } from 'viem'
import { type Decisions, HOLDERS_PER_TRANSACTION, planIssue, type Target } from './plan.ts'
import type { ListRow } from './read-list.ts'

const wallet = (index: number): Address => `0x${index.toString(16).padStart(40, '0')}`
const row = ({
  line,
  state = 'ready',
  address = wallet(line),
  email = '',
}: Partial<ListRow> & { line: number }): ListRow => ({
  line,
  name: `Person ${line}`,
  email,
  address,
  cells: [`Person ${line}`, email, address],
  state,
})
const waitingRow = ({ line, email = '' }: { line: number; email?: string }): ListRow => ({
  ...row({ line, email, state: 'waiting' }),
  address: undefined,
})
const undecided: Decisions = {
  repeated: undefined,
  repeatedEmail: undefined,
  doubtful: undefined,
  waiting: undefined,
  leavesBroken: false,
}
const lunch: Target = { id: 1n, name: 'Lunch', supplyLeft: 10_000n }
const dinner: Target = { id: 2n, name: 'Dinner', supplyLeft: 10_000n }
const plan = ({
  rows,
  decisions = {},
  targets = [lunch],
}: {
  rows: ListRow[]
  decisions?: Partial<Decisions>
  targets?: Target[]
}) =>
  planIssue({ list: { rows }, decisions: { ...undecided, ...decisions }, kind: 'supply', targets })
const codesOf = (result: ReturnType<typeof plan>) =>
  result.ok ? [] : result.obstacles.map(({ code }) => code)

describe('planIssue', () => {
  it('gives each wallet one coupon in each campaign', () => {
    const result = plan({ rows: [row({ line: 2 }), row({ line: 3 })], targets: [lunch, dinner] })
    expect(result).to.deep.equal({
      ok: true,
      kind: 'supply',
      holders: [wallet(2), wallet(3)],
      links: [],
      coupons: 4,
      targets: [lunch, dinner],
      chunks: [
        { campaignId: 1n, from: 0, to: 2 },
        { campaignId: 2n, from: 0, to: 2 },
      ],
    })
  })

  it('waits for a decision about broken, doubtful and repeated rows', () => {
    const rows = [
      row({ line: 2 }),
      row({ line: 3, address: wallet(2) }),
      row({ line: 4, state: 'broken' }),
      row({ line: 5, state: 'doubtful' }),
    ]
    expect(codesOf(plan({ rows }))).to.deep.equal([
      'DECIDE_BROKEN',
      'DECIDE_DOUBTFUL',
      'DECIDE_REPEATED',
    ])
    const decided = { leavesBroken: true, doubtful: 'leave', repeated: 'once' } as const
    expect(plan({ rows, decisions: decided })).to.deep.include({ holders: [wallet(2)] })
    const generous = { leavesBroken: true, doubtful: 'take', repeated: 'each' } as const
    expect(plan({ rows, decisions: generous })).to.deep.include({
      holders: [wallet(2), wallet(2), wallet(5)],
    })
  })

  it('asks what becomes of rows without a wallet, and gives them coupons after the others', () => {
    const rows = [waitingRow({ line: 2 }), row({ line: 3 }), waitingRow({ line: 4 })]
    expect(codesOf(plan({ rows }))).to.deep.equal(['DECIDE_WAITING'])
    const left = plan({ rows, decisions: { waiting: 'leave' } })
    expect(left).to.deep.include({ holders: [wallet(3)], links: [], coupons: 1 })
    const linked = plan({ rows, decisions: { waiting: 'links' }, targets: [lunch, dinner] })
    expect(linked).to.deep.include({ holders: [wallet(3)], links: [rows[0], rows[2]], coupons: 6 })
    expect(linked.ok && linked.chunks).to.deep.equal([
      { campaignId: 1n, from: 0, to: 3 },
      { campaignId: 2n, from: 0, to: 3 },
    ])
  })

  it('counts links against the supply too', () => {
    const rows = [waitingRow({ line: 2 }), row({ line: 3 })]
    const decisions = { waiting: 'links' } as const
    const targets = [{ ...lunch, supplyLeft: 1n }]
    expect(codesOf(plan({ rows, decisions, targets }))).to.deep.equal(['SUPPLY_EXCEEDED'])
  })

  it('asks about an e-mail that comes again without that wallet, in any case of its letters', () => {
    const rows = [
      waitingRow({ line: 2, email: 'ANN@example.org' }),
      waitingRow({ line: 3, email: 'ann@example.org' }),
      row({ line: 4, email: 'bob@example.org' }),
      waitingRow({ line: 5, email: 'bob@example.org' }),
      waitingRow({ line: 6 }),
      waitingRow({ line: 7 }), // no e-mail: nobody knows who that is, so nobody is taken for another
    ]
    const links = { waiting: 'links' } as const
    expect(codesOf(plan({ rows, decisions: links }))).to.deep.equal(['DECIDE_REPEATED_EMAIL'])
    const linesOf = (repeatedEmail: 'once' | 'each') => {
      const result = plan({ rows, decisions: { ...links, repeatedEmail } })
      return result.ok ? result.links.map(({ line }) => line) : []
    }
    expect(linesOf('once')).to.deep.equal([2, 6, 7])
    expect(linesOf('each')).to.deep.equal([2, 3, 5, 6, 7])
  })

  it('asks once about a row that repeats both wallet and e-mail', () => {
    const rows = [2, 3].map((line) => row({ line, address: wallet(2), email: 'ann@example.org' }))
    expect(codesOf(plan({ rows }))).to.deep.equal(['DECIDE_REPEATED'])
    expect(plan({ rows, decisions: { repeated: 'each' } })).to.deep.include({ coupons: 2 })
  })

  it('refuses an empty list, no campaign, and more than the supply has left', () => {
    expect(
      codesOf(
        plan({ rows: [row({ line: 2, state: 'broken' })], decisions: { leavesBroken: true } }),
      ),
    ).to.deep.equal(['NOBODY_TO_ISSUE_TO'])
    const rows = [row({ line: 2 }), row({ line: 3 })]
    expect(codesOf(plan({ rows, targets: [] }))).to.deep.equal(['CAMPAIGN_MISSING'])
    expect(codesOf(plan({ rows, targets: [{ ...lunch, supplyLeft: 1n }] }))).to.deep.equal([
      'SUPPLY_EXCEEDED',
    ])
  })

  it('takes any number for standby, which is beyond the supply', () => {
    const rows = [row({ line: 2 }), row({ line: 3 })]
    const targets = [{ ...lunch, supplyLeft: undefined }]
    const decisions = undecided
    const result = planIssue({ list: { rows }, decisions, kind: 'standby', targets })
    expect(result).to.deep.include({ ok: true, kind: 'standby', coupons: 2 })
  })

  it('cuts long lists into transactions', () => {
    const rows = Array.from({ length: HOLDERS_PER_TRANSACTION + 1 }, (_, index) =>
      row({ line: index + 2 }),
    )
    const result = plan({ rows })
    expect(result.ok && result.chunks).to.deep.equal([
      { campaignId: 1n, from: 0, to: HOLDERS_PER_TRANSACTION },
      { campaignId: 1n, from: HOLDERS_PER_TRANSACTION, to: HOLDERS_PER_TRANSACTION + 1 },
    ])
  })
})
