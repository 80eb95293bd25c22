import { and, eq, gt, isNotNull, isNull, lte, or, sql } from 'drizzle-orm'
import type { Hex } from 'viem'
import { pairings } from './schema.ts'
import { reached, type Database } from '@coupon-secure/service/database'

const KEPT_AFTER_EXPIRY_MILLISECONDS = 60 * 60 * 1000

/** Why a pairing is of no use: it is another's, its time is over, it was used, or there is none. */
export type PairingEnd = 'taken' | 'expired' | 'over' | 'unknown'

type Of<who extends string> = { id: Hex; now: number } & Record<who, string>

/** Holders' browsers that are joined for some minutes. Times are unix milliseconds. */
export type PairingStore = {
  /** Keeps a request; a second time changes nothing, and is `taken` where another reader made it. */
  makePairing: (
    pairing: Of<'reader'> & { request: Hex; expiresAt: number },
  ) => Promise<{ expiresAt: number } | PairingEnd>
  /** The request, for the first writer who comes: of two at once only one. */
  openPairing: (by: Of<'writer'>) => Promise<{ request: Hex; expiresAt: number } | PairingEnd>
  answerPairing: (by: Of<'writer'> & { answer: Hex }) => Promise<{ expiresAt: number } | PairingEnd>
  pairing: (
    by: Of<'reader'>,
  ) => Promise<{ isOpened: boolean; answer: Hex | undefined } | PairingEnd>
  /** Forgets what was said; a second time changes nothing. */
  endPairing: (by: Of<'reader'>) => Promise<void>
  /** Forgets what was said where the time is over, and an hour later that there was anything. */
  forgetPairings: (now: number) => Promise<void>
}

/** The pairings in a database. */
export function pairingStore(database: Database): PairingStore {
  const isOf = (id: Hex) => eq(pairings.id, id.toLowerCase())
  const isAlive = ({ id, now }: { id: Hex; now: number }) =>
    and(isOf(id), isNull(pairings.endedAt), gt(pairings.expiresAt, now))

  // Only to say why; nothing is told or written from here on.
  const whyNot = async ({ id, now }: { id: Hex; now: number }): Promise<PairingEnd> => {
    const [row] = await database.select().from(pairings).where(isOf(id))
    if (row === undefined) return 'unknown'
    if (row.endedAt !== null) return 'over'
    return row.expiresAt <= now ? 'expired' : 'taken'
  }

  return {
    makePairing: ({ id, reader, request, expiresAt, now }) =>
      reached(async () => {
        await database
          .insert(pairings)
          .values({ id: id.toLowerCase(), reader, request, expiresAt })
          .onConflictDoNothing()
        const [row] = await database
          .select({ expiresAt: pairings.expiresAt })
          .from(pairings)
          .where(and(isAlive({ id, now }), eq(pairings.reader, reader)))
        return row ?? whyNot({ id, now })
      }),

    openPairing: ({ id, writer, now }) =>
      reached(async () => {
        const [row] = await database
          .update(pairings)
          .set({ writer: sql`coalesce(${pairings.writer}, ${writer})` })
          .where(
            and(
              isAlive({ id, now }),
              or(isNull(pairings.writer), eq(pairings.writer, writer)),
              isNotNull(pairings.request),
            ),
          )
          .returning({ request: pairings.request, expiresAt: pairings.expiresAt })
        if (row === undefined || row.request === null) return whyNot({ id, now })
        return { request: hexOf(row.request), expiresAt: row.expiresAt }
      }),

    answerPairing: ({ id, writer, answer, now }) =>
      reached(async () => {
        const [row] = await database
          .update(pairings)
          .set({ answer })
          .where(and(isAlive({ id, now }), eq(pairings.writer, writer)))
          .returning({ expiresAt: pairings.expiresAt })
        return row ?? whyNot({ id, now })
      }),

    pairing: ({ id, reader, now }) =>
      reached(async () => {
        const [row] = await database
          .select({ writer: pairings.writer, answer: pairings.answer })
          .from(pairings)
          .where(and(isAlive({ id, now }), eq(pairings.reader, reader)))
        if (row === undefined) return whyNot({ id, now })
        const answer = row.answer === null ? undefined : hexOf(row.answer)
        return { isOpened: row.writer !== null, answer }
      }),

    endPairing: ({ id, reader, now }) =>
      reached(async () => {
        await database
          .update(pairings)
          .set({ endedAt: now, request: null, answer: null })
          .where(and(isOf(id), eq(pairings.reader, reader), isNull(pairings.endedAt)))
      }),

    forgetPairings: (now) =>
      reached(async () => {
        await database
          .update(pairings)
          .set({ request: null, answer: null })
          .where(and(lte(pairings.expiresAt, now), isNotNull(pairings.request)))
        await database
          .delete(pairings)
          .where(lte(pairings.expiresAt, now - KEPT_AFTER_EXPIRY_MILLISECONDS))
      }),
  }
}

function hexOf(text: string): Hex {
  return `0x${text.slice(2)}`
}
