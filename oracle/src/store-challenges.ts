import { and, gt, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { Address, Hex } from 'viem'
import { grouped } from './grouped.ts'
import { challenges } from './schema.ts'
import { reached, type Database } from './store-database.ts'

const KEPT_AFTER_EXPIRY_MILLISECONDS = 60 * 60 * 1000

/** What a challenge was given for; it is good for nothing else. */
export type ChallengeFor = { book: Address; campaignId: bigint; serial: bigint; holder: Address }

/** What became of an attempt to use a challenge. */
export type Consumption = 'consumed' | 'used' | 'expired' | 'unknown' | 'for-something-else'

type Kept = ChallengeFor & { challenge: Hex; expiresAt: number }
type Claimed = ChallengeFor & { challenge: Hex; now: number }

/** The challenges that were given of late. */
export type ChallengeStore = {
  keepChallenge: (challenge: Kept) => Promise<void>
  /** Uses a challenge up, in one statement, so that of two at once only one succeeds. */
  consumeChallenge: (claim: Claimed) => Promise<Consumption>
  forgetChallenges: (now: number) => Promise<void>
}

/** The challenges in a database. */
export function challengeStore(database: Database): ChallengeStore {
  const keepChallenge = grouped({
    keyOf: ({ challenge }: Kept) => challenge,
    doAll: async (lot) => {
      const rows = lot.map(({ challenge, expiresAt, ...purpose }) => {
        return { challenge, expiresAt, ...columnsOf(purpose) }
      })
      await database.insert(challenges).values(rows)
      return rows.map(() => 'kept' as const)
    },
  })
  const consumeChallenge = grouped({ keyOf: ({ challenge }: Claimed) => challenge, doAll: consume })

  return {
    keepChallenge: (challenge) =>
      reached(async () => {
        await keepChallenge(challenge)
      }),

    consumeChallenge: (claim) => reached(() => consumeChallenge(claim)),

    // A while after they expired, so that a late claim still hears why.
    forgetChallenges: (now) =>
      reached(async () => {
        await database
          .delete(challenges)
          .where(lte(challenges.expiresAt, now - KEPT_AFTER_EXPIRY_MILLISECONDS))
      }),
  }

  async function consume(lot: readonly Claimed[]): Promise<Consumption[]> {
    const now = Math.max(...lot.map((claim) => claim.now))
    const purposes = lot.map(({ challenge, ...purpose }) => {
      const { book, campaignId, serial, holder } = columnsOf(purpose)
      return sql`(${challenge}, ${book}, ${campaignId}, ${serial}, ${holder})`
    })
    const { challenge, book, campaignId, serial, holder } = challenges
    const isForThis = sql`(${challenge}, ${book}, ${campaignId}, ${serial}, ${holder}) in (${sql.join(purposes, sql`, `)})`
    const consumed = await database
      .update(challenges)
      .set({ usedAt: now })
      .where(and(isForThis, isNull(challenges.usedAt), gt(challenges.expiresAt, now)))
      .returning({ challenge: challenges.challenge })
    const isConsumed = new Set(consumed.map((row) => row.challenge))
    const others = lot.filter((claim) => !isConsumed.has(claim.challenge))
    // Only to say why; nothing is granted from here on.
    const why = others.length === 0 ? new Map<string, Consumption>() : await reasons(others)
    return lot.map((claim) =>
      isConsumed.has(claim.challenge) ? 'consumed' : (why.get(claim.challenge) ?? 'unknown'),
    )
  }

  async function reasons(lot: readonly Claimed[]): Promise<Map<string, Consumption>> {
    const rows = await database
      .select()
      .from(challenges)
      .where(
        inArray(
          challenges.challenge,
          lot.map(({ challenge }) => challenge),
        ),
      )
    const found = new Map(rows.map((row) => [row.challenge, row]))
    return new Map(
      lot.flatMap((claim): [string, Consumption][] => {
        const row = found.get(claim.challenge)
        if (!row) return []
        const { book, campaignId, serial, holder } = columnsOf(claim)
        const isThis =
          row.book === book &&
          row.campaignId === campaignId &&
          row.serial === serial &&
          row.holder === holder
        if (!isThis) return [[claim.challenge, 'for-something-else']]
        return [[claim.challenge, row.usedAt === null ? 'expired' : 'used']]
      }),
    )
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
