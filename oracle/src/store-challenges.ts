import { and, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import type { Address, Hex } from 'viem'
import { challenges } from './schema.ts'
import { reached, type Database } from './store-database.ts'

const KEPT_AFTER_EXPIRY_MILLISECONDS = 60 * 60 * 1000

/** What a challenge was given for; it is good for nothing else. */
export type ChallengeFor = { book: Address; campaignId: bigint; serial: bigint; holder: Address }

/** What became of an attempt to use a challenge. */
export type Consumption = 'consumed' | 'used' | 'expired' | 'unknown' | 'for-something-else'

/** The challenges that were given of late. */
export type ChallengeStore = {
  keepChallenge: (challenge: ChallengeFor & { challenge: Hex; expiresAt: number }) => Promise<void>
  /** Uses a challenge up, in one statement, so that of two at once only one succeeds. */
  consumeChallenge: (claim: ChallengeFor & { challenge: Hex; now: number }) => Promise<Consumption>
  forgetChallenges: (now: number) => Promise<void>
}

/** The challenges in a database. */
export function challengeStore(database: Database): ChallengeStore {
  return {
    keepChallenge: ({ challenge, expiresAt, ...purpose }) =>
      reached(async () => {
        await database.insert(challenges).values({ challenge, expiresAt, ...columnsOf(purpose) })
      }),

    consumeChallenge: ({ challenge, now, ...purpose }) =>
      reached(async () => {
        const { book, campaignId, serial, holder } = columnsOf(purpose)
        const isThis = and(
          eq(challenges.challenge, challenge),
          eq(challenges.book, book),
          eq(challenges.campaignId, campaignId),
          eq(challenges.serial, serial),
          eq(challenges.holder, holder),
        )
        const consumed = await database
          .update(challenges)
          .set({ usedAt: now })
          .where(and(isThis, isNull(challenges.usedAt), gt(challenges.expiresAt, now)))
          .returning({ challenge: challenges.challenge })
        if (consumed.length === 1) return 'consumed'

        // Only to say why; nothing is granted from here on.
        const [row] = await database
          .select({
            isThis: sql<boolean>`${isThis}`,
            isUsed: sql<boolean>`${challenges.usedAt} is not null`,
          })
          .from(challenges)
          .where(eq(challenges.challenge, challenge))
        if (!row) return 'unknown'
        if (!row.isThis) return 'for-something-else'
        return row.isUsed ? 'used' : 'expired'
      }),

    // A while after they expired, so that a late claim still hears why.
    forgetChallenges: (now) =>
      reached(async () => {
        await database
          .delete(challenges)
          .where(lte(challenges.expiresAt, now - KEPT_AFTER_EXPIRY_MILLISECONDS))
      }),
  }
}

// Serials and campaigns are larger than any number of the database; addresses compare in one spelling.
function columnsOf({ book, campaignId, serial, holder }: ChallengeFor) {
  return {
    book: book.toLowerCase(),
    campaignId: campaignId.toString(),
    serial: serial.toString(),
    holder: holder.toLowerCase(),
  }
}
