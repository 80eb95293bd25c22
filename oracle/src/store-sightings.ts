import type { Sighting } from '@coupon-secure/protocol/evidence'
import { hexOf, keccakOf } from '@coupon-secure/protocol/keccak'
import { and, eq, gt, lte, sql } from 'drizzle-orm'
import { stringToBytes, type Address } from 'viem'
import { sightings } from './schema.ts'
import { column, reached, rowsOf, type Database } from '@coupon-secure/service/database'

/** For how long a sighting is remembered. */
export const SIGHTING_MILLISECONDS = 60 * 60 * 1000

/** Whose sighting, in which book. */
export type SightingOf = { book: Address; holder: Address }

/** A sighting to be remembered in the place of the one that was decided by. */
export type KeptSighting = SightingOf & {
  sighting: Sighting
  before: Sighting | undefined
  now: number
}

/** Where holders were last seen, as coarsely as impossible travel needs, and no longer than an hour. */
export type SightingStore = {
  sighting: (asked: SightingOf & { now: number }) => Promise<Sighting | undefined>
  forgetSightings: (now: number) => Promise<void>
}

/** The sightings in a database. */
export function sightingStore(database: Database): SightingStore {
  return {
    sighting: ({ now, ...of }) =>
      reached(async () => {
        const isKept = gt(sightings.keptAt, now - SIGHTING_MILLISECONDS)
        const [row] = await database
          .select()
          .from(sightings)
          .where(and(eq(sightings.key, sightingKeyOf(of)), isKept))
        if (!row) return undefined
        const { longitudeCell, latitudeCell, takenAt } = row
        return { longitudeCell, latitudeCell, takenAt }
      }),

    forgetSightings: (now) =>
      reached(async () => {
        await database.delete(sightings).where(lte(sightings.keptAt, now - SIGHTING_MILLISECONDS))
      }),
  }
}

/**
 * Puts sightings of different holders in the place of those that were read before, in one statement; answers with the keys
 * of those that it kept. Where another one is there by now, it keeps that.
 */
export async function keepSightings({
  database,
  lot,
}: {
  database: Database
  lot: readonly KeptSighting[]
}): Promise<Set<string>> {
  const now = Math.max(...lot.map((kept) => kept.now))
  const keys = column({ type: 'text', values: lot.map(sightingKeyOf) })
  const columnsOf = (sightings: readonly (Sighting | undefined)[]) => {
    const longitudes = sightings.map((sighting) => sighting?.longitudeCell)
    const latitudes = sightings.map((sighting) => sighting?.latitudeCell)
    return sql.join(
      [
        column({ type: 'integer', values: longitudes }),
        column({ type: 'integer', values: latitudes }),
        column({ type: 'bigint', values: sightings.map((sighting) => sighting?.takenAt) }),
      ],
      sql`, `,
    )
  }
  const rows = await rowsOf<{ key: string }>({
    database,
    statement: sql`
      insert into sightings as known (key, longitude_cell, latitude_cell, taken_at, kept_at)
      select key, longitude, latitude, taken, ${now}::bigint
      from unnest(${keys}, ${columnsOf(lot.map(({ sighting }) => sighting))})
        as asked (key, longitude, latitude, taken) order by key
      on conflict (key) do update set
        longitude_cell = excluded.longitude_cell, latitude_cell = excluded.latitude_cell,
        taken_at = excluded.taken_at, kept_at = excluded.kept_at
      where known.kept_at <= ${now - SIGHTING_MILLISECONDS}::bigint
        or (known.key, known.longitude_cell, known.latitude_cell, known.taken_at) in (
          select * from unnest(${keys}, ${columnsOf(lot.map(({ before }) => before))}))
      returning key`,
  })
  return new Set(rows.map(({ key }) => key))
}

/** Hashed, so that the table lists nobody at first sight; whoever has a list of holders can still look for them. */
export function sightingKeyOf({ book, holder }: SightingOf): string {
  return hexOf(keccakOf(stringToBytes(`${book} ${holder}`.toLowerCase())))
}
