import type { Address } from 'viem'
import type { ListRow, ReadList } from './read-list.ts'

/** The most holders in one transaction: ten shards, some 3.5 million gas, well under what a block takes. */
export const HOLDERS_PER_TRANSACTION = 2_550

/** What the organiser decided about the rows that need it; undefined: not yet. */
export type Decisions = {
  repeated: 'once' | 'each' | undefined
  doubtful: 'take' | 'leave' | undefined
  leavesBroken: boolean
}

/** What is issued: coupons of the supply, or standby coupons beyond it. */
export type IssueKind = 'supply' | 'standby'

/** A campaign the organiser may issue in, with how many coupons it still takes; undefined: standby knows no limit. */
export type Target = { id: bigint; name: string; supplyLeft: bigint | undefined }

/** What will be issued, in which transactions; or what still stands in the way. */
export type IssuePlan =
  | {
      ok: true
      kind: IssueKind
      holders: readonly Address[]
      coupons: number
      chunks: readonly Chunk[]
    }
  | { ok: false; obstacles: readonly { code: string; message: string }[] }

/** One transaction: holders `from` to `to` (exclusive) of the list get a coupon of the campaign. */
export type Chunk = { campaignId: bigint; from: number; to: number }

/** Works out what to sign. Nothing is signed while a decision is missing. */
export function planIssue({
  list,
  decisions,
  kind,
  targets,
}: {
  list: Pick<ReadList, 'rows'>
  decisions: Decisions
  kind: IssueKind
  targets: readonly Target[]
}): IssuePlan {
  const obstacles: { code: string; message: string }[] = []
  const { broken, doubtful } = countsOf(list)
  if (broken > 0 && !decisions.leavesBroken) {
    obstacles.push({
      code: 'DECIDE_BROKEN',
      message: 'Say that the broken rows are to be left out, or mend the file.',
    })
  }
  if (doubtful > 0 && decisions.doubtful === undefined) {
    obstacles.push({ code: 'DECIDE_DOUBTFUL', message: 'Say what becomes of the doubtful rows.' })
  }
  const candidates = list.rows.flatMap((row) =>
    isTaken({ row, decisions }) ? (row.address ?? []) : [],
  )
  const distinct = [...new Set(candidates)]
  if (distinct.length < candidates.length && decisions.repeated === undefined) {
    obstacles.push({
      code: 'DECIDE_REPEATED',
      message: 'Say whether a wallet that comes more than once gets one coupon or several.',
    })
  }
  const holders = decisions.repeated === 'each' ? candidates : distinct

  if (holders.length === 0) {
    obstacles.push({
      code: 'NOBODY_TO_ISSUE_TO',
      message: 'No row of the list has a usable wallet.',
    })
  }
  if (targets.length === 0) {
    obstacles.push({ code: 'CAMPAIGN_MISSING', message: 'Tick one campaign at least.' })
  }
  for (const { name, supplyLeft } of targets) {
    if (supplyLeft !== undefined && BigInt(holders.length) > supplyLeft) {
      obstacles.push({
        code: 'SUPPLY_EXCEEDED',
        message: `${name} has ${supplyLeft} coupons left, the list needs ${holders.length}.`,
      })
    }
  }
  if (obstacles.length > 0) return { ok: false, obstacles }
  return {
    ok: true,
    kind,
    holders,
    coupons: holders.length * targets.length,
    chunks: targets.flatMap(({ id }) => chunksOf({ campaignId: id, count: holders.length })),
  }
}

/** How many rows of each kind the list has, and how many wallets come again. */
export function countsOf({ rows }: Pick<ReadList, 'rows'>) {
  const count = (state: ListRow['state']) => rows.filter((row) => row.state === state).length
  const usable = rows.flatMap(({ state, address }) =>
    state === 'ready' && address !== undefined ? [address] : [],
  )
  return {
    ready: count('ready'),
    waiting: count('waiting'),
    broken: count('broken'),
    doubtful: count('doubtful'),
    repeated: usable.length - new Set(usable).size,
  }
}

function isTaken({ row, decisions }: { row: ListRow; decisions: Decisions }): boolean {
  return row.state === 'ready' || (row.state === 'doubtful' && decisions.doubtful === 'take')
}

function chunksOf({ campaignId, count }: { campaignId: bigint; count: number }): Chunk[] {
  return Array.from({ length: Math.ceil(count / HOLDERS_PER_TRANSACTION) }, (_, index) => ({
    campaignId,
    from: index * HOLDERS_PER_TRANSACTION,
    to: Math.min((index + 1) * HOLDERS_PER_TRANSACTION, count),
  }))
}
