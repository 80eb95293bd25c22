import type { Position } from '@coupon-secure/protocol/wire-evidence'
import type { Failure } from '../../chain/explain-revert.ts'
import { clockBehind } from './failures.ts'
import { isSignInRefused } from './oracle.ts'
import type { Located } from './position.ts'
import type { Tools } from './redeem.ts'
import type { Progress, Rest, Showing, Vouched } from './redemption.ts'
import type { SignIn } from './sign-in.ts'

/** How often one tap asks the oracle at most. */
export const MOST_TRIES = 5

// A wallet's sign-in may take a while; the policy's own limit is a minute or so.
const OLDEST_FIX_MILLISECONDS = 20_000
// What a newer or a surer position may turn into a yes.
const AGAIN_CODES = new Set(['ACCURACY_POOR', 'FIX_STALE', 'REPLAYED', 'TOO_CLOSE_TO_EDGE'])
const FRESH_MILLISECONDS = 15_000

/** Has the oracle vouch for the holder, with newer positions where it is unsure; undefined where it does not, which has been reported. */
export async function presence({
  showing,
  tools,
  report,
  restAfter,
}: {
  showing: Showing
  tools: Tools
  report: (progress: Progress) => void
  restAfter: (failure: Failure) => Promise<Rest>
}): Promise<Vouched | undefined> {
  const locate = (): Promise<Located> | undefined => {
    if (showing.source !== 'browser') return undefined // the oracle reads the device itself
    report({ type: 'locating' })
    return tools.locate({ onFix })
  }
  const onFix = (best: Position) => report({ type: 'fix', best })
  const stop = (failure: Failure, rest: Rest = { kind: 'nothing' }) => {
    report({ type: 'stopped', failure, rest })
    return undefined
  }

  let located = await locate()
  let signIn = await tools.findSignIn()
  if (tools.hasLeft()) return undefined
  if (located?.ok !== false && signIn === undefined) {
    report({ type: 'signing-in' })
    signIn = await tools.signIn()
    const isOld = located && located.position.takenAt < tools.now() - OLDEST_FIX_MILLISECONDS
    if (isOld) located = await locate()
  }
  if (located?.ok === false) return stop(located.failure)
  if (signIn === undefined) return undefined

  let position = located?.position
  for (let number = 1; ; number += 1) {
    if (tools.hasLeft()) return undefined
    report({ type: 'asking' })
    const answer = await ask({ signIn, position, showing, tools })
    if (answer.granted) return answer.vouched
    const { failure } = answer
    const mayAskAgain = AGAIN_CODES.has(failure.code) && showing.beacon === undefined
    if (position === undefined || !mayAskAgain) return stop(failure, await restAfter(failure))
    // Taken just now by the phone's own clock, and old by the oracle's.
    const isFresh = position.takenAt > tools.now() - FRESH_MILLISECONDS
    if (failure.code === 'FIX_STALE' && isFresh && number > 1) return stop(clockBehind)
    if (number === MOST_TRIES || tools.hasLeft()) return stop(failure)

    report({ type: 'locating', again: { number: number + 1, of: MOST_TRIES, failure } })
    const isUnsure = failure.code !== 'FIX_STALE' && failure.code !== 'REPLAYED'
    const newer = await tools.locate({ onFix, than: position, isUnsure })
    if (!newer.ok) {
      return stop(newer.failure.code === 'POSITION_DENIED' ? newer.failure : failure)
    }
    position = newer.position
  }
}

async function ask({
  signIn,
  position,
  showing,
  tools,
}: {
  signIn: SignIn
  position: Position | undefined
  showing: Showing
  tools: Tools
}) {
  const answer = await tools.vouch({ signIn, position, showing })
  if (!answer.granted) {
    if (answer.refused) tools.keep(answer.refused)
    if (isSignInRefused(answer.failure)) await tools.signOut()
  }
  return answer
}
