import {
  type ClaimLink,
  type ClaimLinkProblem,
  readClaimLink,
} from '@coupon-secure/protocol/claim-link'

/** Why a link opens nothing here; the catalogue has a title and a sentence for each code. */
export type ClaimProblem =
  { code: ClaimLinkProblem } | { code: 'CLAIM_LINK_FOR_OTHER_CHAIN'; theirs: number; ours: number }

/** What a link's fragment opens on this chain, or why it opens nothing. */
export function claimIn({
  fragment,
  chainId,
}: {
  fragment: string
  chainId: number
}): { ok: true; link: ClaimLink } | { ok: false; problem: ClaimProblem } {
  const read = readClaimLink(fragment)
  if (!read.ok) return { ok: false, problem: { code: read.problem } }
  if (read.link.chainId === chainId) return read
  const [theirs, ours] = [read.link.chainId, chainId]
  return { ok: false, problem: { code: 'CLAIM_LINK_FOR_OTHER_CHAIN', theirs, ours } }
}
