// How often each verdict comes.
import type { Decision } from '@coupon-secure/protocol/decide'
import { generator } from '@coupon-secure/protocol/random.fixture'
import { decisionOn, DISTANCES, fixOf, receivers } from './corpus-people.ts'
import { type Trace, traces } from './corpus-traces.ts'

/** Shares of people, all between 0 and 1, who stand so far from the edge. */
export type Standing = {
  receiver: string
  /** Metres, outside below zero. */
  metres: number
  /** By the first fix. */
  yes: number
  unsure: number
  no: number
  /** A yes by the first fix or one of the next two. */
  yesInThree: number
}

/** How often a trace got a yes, and why not, by share. */
export type TraceRates = Pick<Trace, 'name' | 'isHonest'> & {
  yes: number
  reasons: Record<string, number>
}

const TRIES = 3

/** The rates of everybody who stands somewhere. */
export function standingRates({ people, seed }: { people: number; seed: number }): Standing[] {
  return Object.keys(receivers).flatMap((receiver) =>
    DISTANCES.map((metres) => standingRate({ receiver, metres, people, seed })),
  )
}

/** The rates of so many people with one receiver at one distance. */
export function standingRate({
  receiver,
  metres,
  people,
  seed,
}: {
  receiver: string
  metres: number
  people: number
  seed: number
}): Standing {
  const kind = receivers[receiver]
  if (kind === undefined) throw new Error(`There is no receiver ${receiver}.`)
  const random = generator(seed + metres)
  const counts = { yes: 0, unsure: 0, no: 0, yesInThree: 0 }
  for (let person = 0; person < people; person++) {
    const miss = kind(random)
    const verdicts = Array.from(
      { length: TRIES },
      () => decisionOn({ source: 'browser', fixes: [fixOf({ metres, miss: miss() })] }).verdict,
    )
    const [first] = verdicts
    if (first === 'inside') counts.yes++
    else if (first === 'unsure') counts.unsure++
    else counts.no++
    if (verdicts.includes('inside')) counts.yesInThree++
  }
  const share = (count: number) => count / people
  return {
    receiver,
    metres,
    yes: share(counts.yes),
    unsure: share(counts.unsure),
    no: share(counts.no),
    yesInThree: share(counts.yesInThree),
  }
}

/** The rates of all labelled traces. */
export function traceRates({ people, seed }: { people: number; seed: number }): TraceRates[] {
  return traces.map(({ name, isHonest, evidence }) => {
    const random = generator(seed)
    const reasons: Record<string, number> = {}
    let yes = 0
    for (let person = 0; person < people; person++) {
      const decision = decisionOn(evidence(random))
      if (decision.verdict === 'inside') yes++
      else reasons[reasonOf(decision)] = (reasons[reasonOf(decision)] ?? 0) + 1 / people
    }
    return { name, isHonest, yes: yes / people, reasons }
  })
}

function reasonOf(decision: Exclude<Decision, { verdict: 'inside' }>): string {
  return decision.reason
}
