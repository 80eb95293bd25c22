import type { Position } from '@coupon-secure/protocol/wire-evidence'
import type { Failure } from '../../chain/explain-revert.ts'
import { clockBehind } from './failures.ts'
import { isSignInRefused } from './oracle.ts'
import type { Located } from './position.ts'
import type { Tools } from './redeem.ts'
import type { Again, Progress, Rest, Showing, Vouched } from './redemption.ts'
import type { SignIn } from './sign-in.ts'
import type { Elsewhere } from './wallet-side.ts'

/** How often one tap asks the oracle at most. */
export const MOST_TRIES = 5

// A wallet's sign-in may take a while; the policy's own limit is a minute or so.
const OLDEST_FIX_MILLISECONDS = 20_000
// What a newer or a surer position may turn into a yes.
const AGAIN_CODES = new Set(['ACCURACY_POOR', 'FIX_STALE', 'REPLAYED', 'TOO_CLOSE_TO_EDGE'])
const FRESH_MILLISECONDS = 15_000

type Asked = {
  showing: Showing
  tools: Tools
  report: (progress: Progress) => void
  restAfter: (failure: Failure) => Promise<Rest>
}

/** Has the oracle vouch for the holder, with newer positions where it is unsure; undefined where it does not, which has been reported. */
export async function presence(asked: Asked): Promise<Vouched | undefined> {
  const { elsewhere } = asked.tools
  try {
    return await vouchedFor(asked)
  } finally {
    void elsewhere?.end() // nobody waits for it: the oracle forgets by itself too
  }
}

async function vouchedFor({
  showing,
  tools,
  report,
  restAfter,
}: Asked): Promise<Vouched | undefined> {
  const { elsewhere } = tools
  const onFix = (best: Position) => report({ type: 'fix', best })
  const stop = (failure: Failure, rest: Rest = { kind: 'nothing' }) => {
    report({ type: 'stopped', failure, rest })
    return undefined
  }
  const locate = (): Promise<Located> | undefined => {
    if (showing.source !== 'browser') return undefined // the oracle reads the device itself
    report({ type: 'locating' })
    return tools.locate({ onFix })
  }
  const signedIn = async () => {
    const known = await tools.findSignIn()
    if (known !== undefined || tools.hasLeft()) return known
    report({ type: 'signing-in' })
    return tools.signIn()
  }
  const locateElsewhere = (
    { locate }: Elsewhere,
    wish: { signIn: SignIn; than?: Position; again?: Again },
  ) =>
    locate({
      ...wish,
      onShown: (shown) =>
        report({ type: 'pairing', shown, ...(wish.again && { again: wish.again }) }),
    })

  // The wallet first where another browser has the position: nobody should have to come back to it twice.
  let signIn = elsewhere && (await signedIn())
  let located = elsewhere && signIn ? await locateElsewhere(elsewhere, { signIn }) : undefined
  if (!elsewhere) {
    located = await locate()
    if (tools.hasLeft()) return undefined
    if (located?.ok !== false) {
      const before = tools.now()
      signIn = await signedIn()
      const tookLong = located && tools.now() > before && isOld(located.position)
      if (tookLong) located = await locate()
    }
  }
  if (tools.hasLeft()) return undefined
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

    const again = { number: number + 1, of: MOST_TRIES, failure }
    const newer: Located = elsewhere
      ? await locateElsewhere(elsewhere, { signIn, than: position, again })
      : await locateAgain({ than: position, again })
    if (tools.hasLeft()) return undefined
    if (!newer.ok) {
      const isNews = elsewhere !== undefined || newer.failure.code === 'POSITION_DENIED'
      return stop(isNews ? newer.failure : failure)
    }
    position = newer.position
  }

  function locateAgain({ than, again }: { than: Position; again: Again }): Promise<Located> {
    report({ type: 'locating', again })
    const { code } = again.failure
    const isUnsure = code !== 'FIX_STALE' && code !== 'REPLAYED'
    return tools.locate({ onFix, than, isUnsure })
  }

  function isOld({ takenAt }: Position): boolean {
    return takenAt < tools.now() - OLDEST_FIX_MILLISECONDS
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
