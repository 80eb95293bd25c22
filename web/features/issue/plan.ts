import type { Address } from 'viem'
import type { ListRow, ReadList } from './read-list.ts'

/** The most holders in one transaction: ten shards, some 3.5 million gas, well under what a block takes. */
export const HOLDERS_PER_TRANSACTION = 2_550

/** What the organiser decided about the rows that need it; undefined: not yet. */
export type Decisions = {
  /** What a wallet gets that stands in several rows. */
  repeated: 'once' | 'each' | undefined
  /** What an e-mail gets that came before, with another wallet or with none. */
  repeatedEmail: 'once' | 'each' | undefined
  doubtful: 'take' | 'leave' | undefined
  /** What becomes of rows without a wallet. */
  waiting: 'links' | 'leave' | undefined
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
      /** The wallets that get coupons. */
      holders: readonly Address[]
      /** The rows that get them by claim link, after those. */
      links: readonly ListRow[]
      coupons: number
      targets: readonly Target[]
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
  if (mayGetLinks({ list, decisions }) && decisions.waiting === undefined) {
    obstacles.push({
      code: 'DECIDE_WAITING',
      message: 'Say whether the rows without a wallet get claim links.',
    })
  }
  const { people, wallets, emails } = peopleOf({ list, decisions })
  if (wallets > 0 && decisions.repeated === undefined) {
    obstacles.push({
      code: 'DECIDE_REPEATED',
      message: 'Say whether a wallet that comes more than once gets one coupon or several.',
    })
  }
  if (emails > 0 && decisions.repeatedEmail === undefined) {
    obstacles.push({
      code: 'DECIDE_REPEATED_EMAIL',
      message: 'Say whether an e-mail that comes more than once gets one coupon or several.',
    })
  }
  const holders = people.flatMap(({ address }) => address ?? [])
  const links = people.filter(isWithoutWallet)

  if (people.length === 0) {
    obstacles.push({
      code: 'NOBODY_TO_ISSUE_TO',
      message: 'No row of the list can get a coupon as it stands.',
    })
  }
  if (targets.length === 0) {
    obstacles.push({ code: 'CAMPAIGN_MISSING', message: 'Tick one campaign at least.' })
  }
  for (const { name, supplyLeft } of targets) {
    if (supplyLeft !== undefined && BigInt(people.length) > supplyLeft) {
      obstacles.push({
        code: 'SUPPLY_EXCEEDED',
        message: `${name} has ${supplyLeft} coupons left, the list needs ${people.length}.`,
      })
    }
  }
  if (obstacles.length > 0) return { ok: false, obstacles }
  return {
    ok: true,
    kind,
    holders,
    links,
    coupons: people.length * targets.length,
    targets,
    chunks: targets.flatMap(({ id }) => chunksOf({ campaignId: id, count: people.length })),
  }
}

/** How many rows of each kind the list has. */
export function countsOf({ rows }: Pick<ReadList, 'rows'>) {
  const count = (state: ListRow['state']) => rows.filter((row) => row.state === state).length
  return {
    ready: count('ready'),
    waiting: count('waiting'),
    broken: count('broken'),
    doubtful: count('doubtful'),
  }
}

/**
 * The rows that get coupons, those with a wallet first, and how many of all rows come again by wallet or by e-mail: the
 * former are asked about first, so no row is counted twice.
 */
export function peopleOf({
  list: { rows },
  decisions,
}: {
  list: Pick<ReadList, 'rows'>
  decisions: Decisions
}): { people: ListRow[]; wallets: number; emails: number } {
  const seen = new Set<string>()
  const counts = { wallets: 0, emails: 0 }
  const taken = rows.filter((row) => isTaken({ row, decisions }))
  const ordered = [...taken.filter(({ address }) => address), ...taken.filter(isWithoutWallet)]
  const people = ordered.filter(({ address, email }) => {
    const mail = email.toLowerCase()
    const isSameWallet = address !== undefined && seen.has(address)
    const isSameEmail = !isSameWallet && mail !== '' && seen.has(mail)
    if (isSameWallet) counts.wallets += 1
    if (isSameEmail) counts.emails += 1
    if (address !== undefined) seen.add(address)
    if (mail !== '') seen.add(mail)
    return !(
      (isSameWallet && decisions.repeated !== 'each') ||
      (isSameEmail && decisions.repeatedEmail !== 'each')
    )
  })
  return { people, ...counts }
}

/** Whether rows that are not left out have no wallet. */
export function mayGetLinks({
  list: { rows },
  decisions,
}: {
  list: Pick<ReadList, 'rows'>
  decisions: Decisions
}): boolean {
  return rows.some(
    (row) =>
      isTaken({ row, decisions: { ...decisions, waiting: 'links' } }) && isWithoutWallet(row),
  )
}

function isTaken({ row, decisions }: { row: ListRow; decisions: Decisions }): boolean {
  if (row.state === 'broken') return false
  if (row.state === 'doubtful' && decisions.doubtful !== 'take') return false
  return row.address !== undefined || decisions.waiting === 'links'
}

function isWithoutWallet({ state, address }: ListRow): boolean {
  return address === undefined && state !== 'broken'
}

function chunksOf({ campaignId, count }: { campaignId: bigint; count: number }): Chunk[] {
  return Array.from({ length: Math.ceil(count / HOLDERS_PER_TRANSACTION) }, (_, index) => ({
    campaignId,
    from: index * HOLDERS_PER_TRANSACTION,
    to: Math.min((index + 1) * HOLDERS_PER_TRANSACTION, count),
  }))
}
