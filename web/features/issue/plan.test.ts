import { expect } from 'chai'
import type { Address } from 'viem'
import { type Decisions, HOLDERS_PER_TRANSACTION, planIssue, type Target } from './plan.ts'
import type { ListRow } from './read-list.ts'

const wallet = (index: number): Address => `0x${index.toString(16).padStart(40, '0')}`
const row = ({
  line,
  state = 'ready',
  address = wallet(line),
}: Partial<ListRow> & { line: number }): ListRow => ({
  line,
  name: `Person ${line}`,
  email: '',
  address,
  state,
})
const undecided: Decisions = { repeated: undefined, doubtful: undefined, leavesBroken: false }
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
      coupons: 4,
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

  it('refuses an empty list, no campaign, and more than the supply has left', () => {
    expect(codesOf(plan({ rows: [row({ line: 2, state: 'waiting' })] }))).to.deep.equal([
      'NOBODY_TO_ISSUE_TO',
    ])
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
