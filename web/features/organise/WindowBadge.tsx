import type { Campaign } from '../../chain/book-queries.ts'
import { Badge } from '../../ui/Badge.tsx'

/** Where a campaign stands, in a word or two; `now` in unix seconds, 0 where nobody knows it. */
export function WindowBadge({
  campaign: { terms, pausedAt },
  now,
}: {
  campaign: Pick<Campaign, 'terms' | 'pausedAt'>
  now: number
}) {
  if (pausedAt !== 0n) return <Badge kind="warn">Paused</Badge>
  if (now === 0) return null
  if (now < Number(terms.opensAt)) return <Badge kind="info">Opens later</Badge>
  return now < Number(terms.closesAt) ? <Badge kind="good">Open now</Badge> : <Badge>Over</Badge>
}
