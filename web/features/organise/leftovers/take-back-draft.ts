import type { Address } from 'viem'
import type { FieldProblem } from '../../../ui/Field.tsx'
import type { Deed } from '../DeedDialog.tsx'
import { allUnused, pickCoupons, type PickProblem, readHolders } from './pick.ts'
import type { ShardState, Standings } from './shard-states.ts'
import { checkReason, MOST_AT_ONCE, takeBackCall, type TakeBackCall } from './take-back.ts'

/** What somebody typed to take coupons back. */
export type TakeBackDraft = {
  isAll: boolean
  list: string
  reason: string
  isGiven: boolean
  holders: string
}

/** What comes of a draft: the coupons, who gets them, what is wrong, and the call once nothing is. */
export type TakenBack = {
  coupons: Standings[]
  /** Who gets each of them, as far as addresses were given. */
  holders: Address[]
  isGiven: boolean
  problems: PickProblem[]
  reasonProblem: FieldProblem | undefined
  holdersProblem: FieldProblem | undefined
  /** How many of the coupons the call takes: the rest waits for the next one. */
  now: number
  call: TakeBackCall | undefined
}

/** Nothing typed yet. */
export const EMPTY_DRAFT: TakeBackDraft = {
  isAll: false,
  list: '',
  reason: '',
  isGiven: false,
  holders: '',
}

/** Reads a draft against what the chain says of the campaign's coupons. */
export function takeBackOf({
  draft,
  shards,
  standings,
  place,
}: {
  draft: TakeBackDraft
  shards: readonly ShardState[]
  /** Of the coupons in them. */
  standings: readonly Standings[]
  place: { chainId: number; book: Address; campaignId: bigint }
}): TakenBack {
  const picked = draft.isAll
    ? { coupons: allUnused(standings), problems: [] }
    : pickCoupons({ text: draft.list, standings, place })
  const given = draft.isGiven ? readHolders(draft.holders) : { holders: [], problems: [] }
  const { coupons } = picked
  const { holders } = given
  const reasonProblem = checkReason(draft.reason)
  const holdersProblem =
    draft.isGiven && holders.length !== coupons.length
      ? differ({ holders: holders.length, coupons: coupons.length })
      : undefined
  const problems = [...picked.problems, ...given.problems]
  const isReady =
    coupons.length > 0 &&
    reasonProblem === undefined &&
    holdersProblem === undefined &&
    given.problems.length === 0
  const first = coupons.slice(0, MOST_AT_ONCE)
  const call = isReady
    ? takeBackCall({
        ...place,
        coupons: first,
        holders: draft.isGiven ? holders.slice(0, MOST_AT_ONCE) : undefined,
        shards,
        reason: draft.reason.trim(),
      })
    : undefined
  return {
    ...{ coupons, holders, isGiven: draft.isGiven, problems, reasonProblem, holdersProblem },
    ...{ now: first.length, call },
  }
}

/** What is asked before the wallet is. */
export function takeBackDeed({
  taken: { coupons, now, isGiven },
  call,
  name,
}: {
  taken: TakenBack
  call: TakeBackCall
  /** The campaign's. */
  name: string
}): Deed {
  const count = now === 1 ? '1 coupon' : `${now.toLocaleString('en-GB')} coupons`
  const rest = coupons.length - now
  const one = now === 1
  return {
    question: isGiven ? `Give ${count} of ${name} to others?` : `Take ${count} of ${name} back?`,
    meaning: [
      `Their holders can use ${one ? 'it' : 'them'} no more, from this transaction on. This cannot be undone: no one can make a coupon that was taken back valid again.`,
      'Whoever uses one before the transaction is mined has used it, and then nothing of this signature happens.',
      ...(rest === 0
        ? []
        : [
            `One signature takes ${now} at most: do it again for the ${rest.toLocaleString('en-GB')} that are left.`,
          ]),
    ],
    signs: isGiven
      ? `${count} of ${name} ${one ? 'is' : 'are'} taken back, and ${one ? 'one is' : 'as many are'} issued to the new ${one ? 'holder' : 'holders'}.`
      : `${count} of ${name} ${one ? 'is' : 'are'} taken back.`,
    call,
    yes: isGiven ? 'Give to others' : 'Take back',
    no: 'Leave them',
    isDangerous: true,
  }
}

function differ({ holders, coupons }: { holders: number; coupons: number }): FieldProblem {
  return {
    code: 'HOLDERS_DIFFER',
    message: `There must be one address for each coupon: ${coupons}, and there are ${holders}.`,
  }
}
