import type { Counted } from './alerts.ts'

/** What is open first, then what comes, then what is over, the latest of it first; `now` in unix seconds. */
export function inOrder({
  campaigns,
  now,
}: {
  campaigns: readonly Counted[]
  now: number
}): Counted[] {
  return campaigns.toSorted((a, b) => {
    const [first, second] = [rankOf({ counted: a, now }), rankOf({ counted: b, now })]
    const [opens, opensToo] = [a, b].map(({ campaign }) => Number(campaign.terms.opensAt))
    const between = (opens ?? 0) - (opensToo ?? 0)
    return first - second || (first === OVER ? -between : between)
  })
}

const OVER = 2

function rankOf({ counted: { campaign }, now }: { counted: Counted; now: number }): number {
  const { opensAt, closesAt } = campaign.terms
  if (now >= Number(closesAt)) return OVER
  return now >= Number(opensAt) ? 0 : 1
}
