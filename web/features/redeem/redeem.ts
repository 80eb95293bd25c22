import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import { canBeHanded, type HandedRedemption } from '@coupon-secure/protocol/handed'
import type { RefusalAnswer } from '@coupon-secure/protocol/wire'
import type { Position } from '@coupon-secure/protocol/wire-evidence'
import type { Hash } from 'viem'
import type { Failure } from '../../chain/explain-revert.ts'
import { alreadyUsed, cancelled, notSigned, reverted } from './failures.ts'
import { handOver } from './hand-over.ts'
import type { Relay } from './relay.ts'
import { isStillGood, type Journal } from './journal.ts'
import type { Vouching } from './oracle.ts'
import type { Located } from './position.ts'
import { presence } from './presence.ts'
import type { Progress, Redeemed, Rest, Showing, Vouched } from './redemption.ts'
import type { SignIn } from './sign-in.ts'
import type { Elsewhere } from './wallet-side.ts'

/** How a sent transaction ended. */
export type Outcome =
  { kind: 'redeemed'; redeemed: Redeemed } | { kind: 'reverted' } | { kind: 'cancelled' }

/** The device, the oracle, the wallet and the chain, as a redemption needs them. */
export type Tools = {
  /** Unix milliseconds. */
  now: () => number
  /** What keeps the wallet from being asked: it is gone, or on another network. */
  obstacle: () => Failure | undefined
  /** The person went elsewhere: nothing more may be asked of the wallet. */
  hasLeft: () => boolean
  locate: (wish: {
    onFix: (best: Position) => void
    /** The one that was not good enough: only a newer one counts. */
    than?: Position
    /** Not old but unsure: one from further in, or a surer one, is worth waiting for. */
    isUnsure?: boolean
  }) => Promise<Located>
  /** Another browser takes the position for this one. */
  elsewhere?: Elsewhere
  findSignIn: () => Promise<SignIn | undefined>
  /** Asks the wallet. */
  signIn: () => Promise<SignIn>
  signOut: () => Promise<void>
  /** Without a position where a managed device has it. */
  vouch: (claim: {
    signIn: SignIn
    position: Position | undefined
    showing: Showing
  }) => Promise<Vouching>
  /** Asks the wallet; the contract has been asked before, so that nobody signs for nothing. */
  send: (vouched: Vouched) => Promise<Hash>
  /** Whether the holder's own account can send it: it is a wallet's, and has something to pay with. */
  canPay: () => Promise<boolean>
  /** Signs for somebody else to send. */
  hand: (vouched: Vouched) => Promise<HandedRedemption>
  /** Brings it to the relayer; where there is one. */
  relay?: Relay
  wait: (milliseconds: number) => Promise<void>
  follow: (hash: Hash) => Promise<Outcome>
  /** The redemption that the chain already has of this coupon. */
  redemptionOf: () => Promise<Redeemed | undefined>
  journal: Journal
  /** Keeps a signed no with the coupon. */
  keep: (refused: RefusalAnswer) => void
  explain: (error: unknown) => Failure
}

const byPhone: Showing = { source: 'browser' }

const STATEMENT_CODES = new Set([
  'NotAWitness',
  'ObservedOutsideWindow',
  'PresenceMissing',
  'StatementExpired',
  'StatementForOtherGeofence',
  'StatementTooLong',
  'UnknownSite',
  'WitnessNotAtSite',
  'WitnessNotValid',
])
const OVER_CODES = new Set(['COUPON_REDEEMED', 'CouponAlreadyRedeemed'])

/**
 * One coupon from tap to receipt. Reports each step and never throws; what was vouched or signed is in the journal
 * before the next thing can fail, and a second call goes on from there. `place` says what the campaign asks for: a position, or
 * only the site where the coupon is used.
 */
export async function redeem({
  coupon,
  place,
  tools,
  report,
}: {
  coupon: HeldCoupon
  place: { isAsked: true; showing?: Showing } | { isAsked: false; site: number }
  tools: Tools
  report: (progress: Progress) => void
}): Promise<void> {
  const { journal } = tools
  let rest: Rest = { kind: 'nothing' }
  const note = journal.read(coupon)
  try {
    let hash = note?.hash
    let vouched: Vouched | undefined
    if (
      note !== undefined &&
      (hash || note.handed || isStillGood({ vouched: note.vouched, now: seconds(tools) }))
    ) {
      vouched = note.vouched
    }

    if (note?.handed && !hash) {
      rest = { kind: 'signed' }
      return await sendSigned({ coupon, handed: note.handed, isResumed: true, tools, report })
    }
    if (hash === undefined) {
      const obstacle = tools.obstacle()
      if (obstacle !== undefined) return report({ type: 'stopped', failure: obstacle, rest })
      vouched ??= place.isAsked
        ? await presence({
            ...{ showing: place.showing ?? byPhone, tools, report },
            restAfter: (failure) => restAfter({ failure, tools }),
          })
        : { site: place.site, statements: [] }
      if (vouched === undefined) return // presence has said why

      rest = { kind: 'vouched', vouched }
      if (vouched.statements.length > 0) journal.write({ coupon, note: { vouched } })
      if (tools.hasLeft()) return
      report({ type: 'vouched', vouched })
      const canPay = await tools.canPay()
      if (tools.hasLeft()) return
      if (!canPay) {
        const handed = await tools.hand(vouched)
        journal.write({ coupon, note: { vouched, handed } })
        rest = { kind: 'signed' }
        return await sendSigned({ coupon, handed, isResumed: false, tools, report })
      }
      hash = await tools.send(vouched)
      journal.write({ coupon, note: { vouched, hash } })
    }

    const site = vouched?.site ?? 0
    rest = { kind: 'sent', hash, site }
    report({ type: 'sent', hash, site })
    await arrive({ coupon, outcome: await tools.follow(hash), vouched, tools, report })
  } catch (error) {
    await stop({
      coupon,
      failure: tools.explain(error),
      rest,
      wasUnderWay: note !== undefined,
      tools,
      report,
    })
  }
}

/** Has the relayer send what was signed; where it does not, shows it for others to send. */
async function sendSigned({
  coupon,
  handed,
  isResumed,
  tools,
  report,
}: {
  coupon: HeldCoupon
  handed: HandedRedemption
  /** It was signed before a reload, and may have been sent since. */
  isResumed: boolean
  tools: Tools
  report: (progress: Progress) => void
}): Promise<void> {
  const { relay } = tools
  if (!relay) return handOver({ coupon, handed, tools, report })
  const relayed = await relay({
    handed,
    onSent: (hash) => report({ type: 'sent', hash, site: handed.site }),
    onRedeemed: (redeemed) => {
      tools.journal.forget(coupon)
      report({ type: 'redeemed', redeemed })
    },
  })
  switch (relayed.kind) {
    case 'left':
    case 'redeemed':
      return
    case 'refused': {
      const { failure } = relayed
      tools.journal.forget(coupon)
      // Whatever it says now: what was signed before a reload may have been sent then.
      const earlier = isResumed ? await tools.redemptionOf().catch(() => undefined) : undefined
      if (earlier) return report({ type: 'redeemed', redeemed: earlier })
      const rest = { kind: 'nothing' } as const
      return stop({ coupon, failure, rest, wasUnderWay: isResumed, tools, report })
    }
    case 'away':
      if (!canBeHanded(handed)) {
        const { failure } = relayed
        const rest = { kind: 'signed' } as const
        return report({ type: 'stopped', failure, rest }) // the next try brings it to the relayer again
      }
      return handOver({ coupon, handed, why: relayed.failure, tools, report })
  }
}

async function arrive({
  coupon,
  outcome,
  vouched,
  tools: { journal, redemptionOf },
  report,
}: {
  coupon: HeldCoupon
  outcome: Outcome
  vouched: Vouched | undefined
  tools: Tools
  report: (progress: Progress) => void
}): Promise<void> {
  journal.forget(coupon)
  if (outcome.kind === 'redeemed') {
    return report({ type: 'redeemed', redeemed: outcome.redeemed })
  }
  // It may have been used by an earlier transaction of the same holder, from this phone or another.
  const earlier = await redemptionOf()
  if (earlier !== undefined) {
    return report({
      type: 'stopped',
      failure: alreadyUsed,
      rest: { kind: 'over', redeemed: earlier },
    })
  }
  if (vouched !== undefined && vouched.statements.length > 0) {
    journal.write({ coupon, note: { vouched } })
  }
  report({
    type: 'stopped',
    failure: outcome.kind === 'cancelled' ? cancelled : reverted,
    rest: vouched ? { kind: 'vouched', vouched } : { kind: 'nothing' },
  })
}

async function stop({
  coupon,
  failure,
  rest,
  wasUnderWay,
  tools,
  report,
}: {
  coupon: HeldCoupon
  failure: Failure
  rest: Rest
  wasUnderWay: boolean
  tools: Tools
  report: (progress: Progress) => void
}): Promise<void> {
  if (failure.code === 'SIGNATURE_REJECTED') {
    return report({ type: 'stopped', failure: notSigned, rest })
  }
  if (OVER_CODES.has(failure.code)) {
    const over = await restAfter({ failure, tools })
    tools.journal.forget(coupon)
    // A reload may have swallowed the answer of a wallet that had signed: then this is no refusal but the receipt.
    if (wasUnderWay && over.kind === 'over' && over.redeemed !== undefined) {
      return report({ type: 'redeemed', redeemed: over.redeemed })
    }
    return report({ type: 'stopped', failure: alreadyUsed, rest: over })
  }
  if (STATEMENT_CODES.has(failure.code)) {
    tools.journal.forget(coupon) // the next try asks for a new statement
    return report({ type: 'stopped', failure, rest: { kind: 'nothing' } })
  }
  report({ type: 'stopped', failure, rest })
}

async function restAfter({ failure, tools }: { failure: Failure; tools: Tools }): Promise<Rest> {
  if (!OVER_CODES.has(failure.code)) return { kind: 'nothing' }
  try {
    return { kind: 'over', redeemed: await tools.redemptionOf() }
  } catch {
    return { kind: 'over', redeemed: undefined } // the chain is away; what is used stays used
  }
}

function seconds({ now }: Tools): number {
  return Math.floor(now() / 1000)
}
