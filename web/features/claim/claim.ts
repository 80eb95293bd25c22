import {
  type ClaimLink,
  type ClaimLinkProblem,
  readClaimLink,
} from '@coupon-secure/protocol/claim-link'

/** Why a link opens nothing here: for the machine and for the person. */
export type ClaimProblem = { code: string; title: string; sentence: string }

/** What a link's fragment opens on this chain, or why it opens nothing. */
export function claimIn({
  fragment,
  chainId,
  nameOf,
}: {
  fragment: string
  chainId: number
  /** What people call a chain. */
  nameOf: (chainId: number) => string
}): { ok: true; link: ClaimLink } | { ok: false; problem: ClaimProblem } {
  const read = readClaimLink(fragment)
  if (!read.ok) return { ok: false, problem: { code: read.problem, ...PROBLEMS[read.problem] } }
  if (read.link.chainId === chainId) return read
  return {
    ok: false,
    problem: {
      code: 'CLAIM_LINK_FOR_OTHER_CHAIN',
      title: 'This link belongs to another network',
      sentence: `Its coupons live on ${nameOf(read.link.chainId)}, and this page looks at ${nameOf(chainId)}. Open the link at the very address it came with. It is not used up.`,
    },
  }
}

const PROBLEMS: Record<ClaimLinkProblem, Omit<ClaimProblem, 'code'>> = {
  CLAIM_LINK_MISSING: {
    title: 'There is no link here',
    sentence:
      'Open the link from your message once more, or scan the code on your card. If you have opened it on this phone before, your coupons are below.',
  },
  CLAIM_LINK_FOREIGN: {
    title: 'This is not a link to coupons',
    sentence: 'What stands in the address is nothing of ours. Scan the code on your card again.',
  },
  CLAIM_LINK_CUT: {
    title: 'A part of the link is missing',
    sentence:
      'Messages sometimes break long links. Copy the whole of it, to its very end, or scan the code on your card.',
  },
  CLAIM_LINK_DAMAGED: {
    title: 'The link has a wrong letter',
    sentence:
      'A letter or digit of it was changed on the way. Copy it again, or scan the code on your card.',
  },
}
