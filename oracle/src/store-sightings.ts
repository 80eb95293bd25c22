import type { Sighting } from '@coupon-secure/protocol/evidence'
import { and, eq, gt, lte, or } from 'drizzle-orm'
import { keccak256, stringToHex, type Address } from 'viem'
import { sightings } from './schema.ts'
import { reached, type Database } from './store-database.ts'

const KEPT_MILLISECONDS = 60 * 60 * 1000

/** Whose sighting, in which book. */
export type SightingOf = { book: Address; holder: Address }

/** Where holders were last seen, as coarsely as impossible travel needs, and no longer than an hour. */
export type SightingStore = {
  sighting: (asked: SightingOf & { now: number }) => Promise<Sighting | undefined>
  /** Puts a sighting in the place of the one that was read before; false where that is not there any more. */
  keepSighting: (
    kept: SightingOf & { sighting: Sighting; before: Sighting | undefined; now: number },
  ) => Promise<boolean>
  forgetSightings: (now: number) => Promise<void>
}

/** The sightings in a database. */
export function sightingStore(database: Database): SightingStore {
  return {
    sighting: ({ now, ...of }) =>
      reached(async () => {
        const [row] = await database
          .select()
          .from(sightings)
          .where(and(eq(sightings.key, keyOf(of)), gt(sightings.keptAt, now - KEPT_MILLISECONDS)))
        if (!row) return undefined
        const { longitudeCell, latitudeCell, takenAt } = row
        return { longitudeCell, latitudeCell, takenAt }
      }),

    keepSighting: ({ sighting, before, now, ...of }) =>
      reached(async () => {
        const isOver = lte(sightings.keptAt, now - KEPT_MILLISECONDS)
        const isBefore =
          before &&
          and(
            eq(sightings.longitudeCell, before.longitudeCell),
            eq(sightings.latitudeCell, before.latitudeCell),
            eq(sightings.takenAt, before.takenAt),
          )
        const values = { ...sighting, keptAt: now }
        const kept = await database
          .insert(sightings)
          .values({ key: keyOf(of), ...values })
          .onConflictDoUpdate({
            target: sightings.key,
            set: values,
            setWhere: or(isOver, isBefore),
          })
          .returning({ key: sightings.key })
        return kept.length === 1
      }),

    forgetSightings: (now) =>
      reached(async () => {
        await database.delete(sightings).where(lte(sightings.keptAt, now - KEPT_MILLISECONDS))
      }),
  }
}

// Hashed, so that the table lists nobody at first sight; whoever has a list of holders can still look for them.
function keyOf({ book, holder }: SightingOf): string {
  return keccak256(stringToHex(`${book} ${holder}`.toLowerCase()))
}
