import type { Sighting } from '@coupon-secure/protocol/evidence'
import type { Authorisation } from '@coupon-secure/protocol/wire'
import { bytesToHex, type Address, type Hex } from 'viem'
import { createAuthorisationCheck } from './authorisation.ts'
import type { ChainReader } from './chain.ts'
import { Problem } from '@coupon-secure/service/problem'
import type { ChallengeFor } from './store-challenges.ts'
import type { Store } from './store.ts'
import { tooOften, turnKey } from './turn.ts'

const CHALLENGE_MILLISECONDS = 60_000
// Whoever may ask without end can feel their way along a fence that is secret.
const HOUR = 60 * 60_000
const CLAIMS = { limit: 30, window: HOUR } as const
const CHALLENGES = { limit: 30, window: 60_000 } as const

/** A coupon of a book on a chain, as its holder names it. */
export type CouponOfHolder = ChallengeFor & { chainId: number }

/** Something asked for one coupon in answer to a challenge. */
export type Claimed = CouponOfHolder & { challenge: Hex; authorisation: Authorisation }

/** Gives challenges and admits claims that answer them. */
export type Desk = {
  challenge: (asked: {
    coupon: CouponOfHolder
    from: string
  }) => Promise<{ challenge: Hex; expiresAt: number }>
  /**
   * Throws a Problem unless the holder stands behind this claim and its challenge was not used before; answers with where
   * the holder was last seen.
   */
  admit: (claim: {
    claimed: Claimed
    evidenceHash: Hex
  }) => Promise<{ earlier: Sighting | undefined }>
}

/** A desk for the books of one factory. */
export function createDesk({
  now,
  chain,
  store,
  chainId,
  mostClaimsPerHolderAndHour,
}: {
  now: () => number
  chain: ChainReader
  store: Store
  chainId: number
  /** Of one holder in one book, whatever the coupons. */
  mostClaimsPerHolderAndHour: number
}): Desk {
  const check = createAuthorisationCheck({ chain, chainId })
  const ofHolder = { limit: mostClaimsPerHolderAndHour, window: HOUR }

  return {
    challenge: async ({ coupon, from }) => {
      await requireOurs(coupon)
      const { book, campaignId, serial, holder } = coupon
      // By sender too: anybody can name a holder here, and must not use up their challenges.
      const key = turnKey(['challenge', from, ...partsOf(coupon)])
      const turn = { ...CHALLENGES, key, now: now() }
      const challenge = bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
      const expiresAt = now() + CHALLENGE_MILLISECONDS
      const purpose = { book, campaignId, serial, holder }
      const given = await store.giveChallenge({ challenge, expiresAt, ...purpose, turn })
      if (!given.isAllowed) throw tooOften(given)
      return { challenge, expiresAt: Math.floor(expiresAt / 1000) }
    },

    admit: async ({ claimed, evidenceHash }) => {
      // Before the challenge is used up: what comes after it needs a sound chain and clock.
      await chain.requireSound()
      await requireOurs(claimed)
      const { book, campaignId, serial, holder, challenge, authorisation } = claimed
      const claim = { campaignId, serial, holder, challenge, evidenceHash }
      const verdict = await check({ book, claim, authorisation, now: now() })
      if (verdict !== 'authorised') throw new Problem(verdict)
      const at = now()
      // Counted only for who proved to be the holder.
      const turns = [
        { ...CLAIMS, key: turnKey(['claim', ...partsOf(claimed)]), now: at },
        { ...ofHolder, key: turnKey(['claims of', book, holder]), now: at },
      ]
      const use = { challenge, book, campaignId, serial, holder, now: at, turns }
      const admission = await store.admitClaim(use)
      switch (admission.outcome) {
        case 'consumed':
          return { earlier: admission.earlier }
        case 'too-often':
          throw tooOften(admission)
        case 'used':
          throw new Problem('CHALLENGE_USED')
        case 'expired':
          throw new Problem('CHALLENGE_EXPIRED')
        case 'unknown':
          throw new Problem('CHALLENGE_UNKNOWN')
        case 'for-something-else':
          throw new Problem('CHALLENGE_FOR_ANOTHER')
      }
    },
  }

  async function requireOurs({ chainId: asked, book }: { chainId: number; book: Address }) {
    if (asked !== chainId) throw new Problem('CHAIN_UNSUPPORTED', { field: 'chainId' })
    if (!(await chain.isBook(book))) throw new Problem('BOOK_UNKNOWN', { field: 'book' })
  }
}

function partsOf({ book, campaignId, serial, holder }: ChallengeFor) {
  return [book, campaignId, serial, holder]
}
