import {
  redemptionRequestSchema,
  type RedemptionStatus,
} from '@coupon-secure/protocol/wire-redemption'
import { column, rowsOf, type Database } from '@coupon-secure/service/database'
import { sql, type SQL } from 'drizzle-orm'
import { encode } from 'zod/mini'
import type { Redemption } from './redemption.ts'
import { statusIn, statusRows, type StatusRow } from './store-statuses.ts'

const HOUR = 60 * 60_000

/** A redemption to take on, and how often its coupon may be tried in an hour. Milliseconds. */
export type Brought = { redemption: Redemption; mostPerHour: number; now: number }

/** What became of a redemption that somebody brought. */
export type Admission =
  | { outcome: 'new' | 'known'; status: RedemptionStatus }
  /** The coupon has been tried too often of late. */
  | { outcome: 'often'; retryAfter: number }

type CouponRow = { book: string; campaign: string; serial: string }
type Lot = { database: Database; lot: readonly Brought[] }

/** By what all that is brought for one coupon is called. */
export function couponOf({ book, campaignId, serial }: Redemption): string {
  return couponIn({ book, campaign: campaignId.toString(), serial: serial.toString() })
}

/** Takes redemptions of different coupons on, within a transaction: a handful of statements, however many they are. */
export async function admitAll({ database, lot }: Lot): Promise<Admission[]> {
  // Of two that come for one coupon at once, on any relayer, the second sees the first; in one order everywhere, so that two relayers never
  // wait for each other.
  await database.execute(sql`
    select pg_advisory_xact_lock(lock) from (
      select hashtextextended(coupon, 0) as lock from unnest(${textsOf(lot, couponOf)}) as asked (coupon) order by 1
    ) as locks`)
  const known = await underWay({ database, lot })
  const admissions = new Map<Brought, Admission>()
  for (const brought of lot) {
    const status = known.get(couponOf(brought.redemption))
    if (status) admissions.set(brought, { outcome: 'known', status })
  }
  const versions = await insertAll({ database, lot: lot.filter((one) => !admissions.has(one)) })
  for (const brought of lot) {
    const { digest } = brought.redemption
    const version = versions.get(digest)
    if (version === undefined) continue
    admissions.set(brought, { outcome: 'new', status: { digest, version, state: 'waiting' } })
  }
  const often = lot.filter((one) => !admissions.has(one))
  const waits = await waitsOf({ database, lot: often })
  for (const brought of often) {
    const retryAfter = waits.get(couponOf(brought.redemption))
    if (retryAfter === undefined) throw new RangeError('a redemption was lost')
    admissions.set(brought, { outcome: 'often', retryAfter })
  }
  return lot.flatMap((brought) => admissions.get(brought) ?? [])
}

/** Of each coupon the redemption that was taken on already: the very one that is brought rather than another. */
async function underWay({ database, lot }: Lot): Promise<Map<string, RedemptionStatus>> {
  const digests = lot.map(({ redemption }) => redemption.digest)
  const rows = await rowsOf<StatusRow & CouponRow>({
    database,
    statement: statusRows({
      more: sql`, redemptions.book, redemptions.campaign_id as campaign, redemptions.serial`,
      which: sql`(redemptions.book, redemptions.campaign_id, redemptions.serial) in
          (select * from unnest(${couponColumns(lot)}))
        and (redemptions.state in ('waiting', 'sent')
          or (digest = any(${textsOf(lot, ({ digest }) => digest)})
            and redemptions.state <> 'refused'))`,
    }),
  })
  const asked = new Set<string>(digests)
  const inOrder = [
    ...rows.filter(({ digest }) => !asked.has(digest)),
    ...rows.filter(({ digest }) => asked.has(digest)), // the last counts
  ]
  return new Map(inOrder.map((row) => [couponIn(row), statusIn(row)]))
}

/** Writes them into the queue, but those whose coupon was tried too often; the version of each. */
async function insertAll({ database, lot }: Lot): Promise<Map<string, number>> {
  if (lot.length === 0) return new Map()
  const numbers = (type: 'bigint' | 'integer', valueOf: (brought: Brought) => number) =>
    column({ type, values: lot.map(valueOf) })
  const rows = await rowsOf<{ digest: string; version: number }>({
    database,
    statement: sql`
      insert into redemptions as known (digest, book, campaign_id, serial, request, kind,
        state, tries, version, received_at, changed_at)
      select asked.digest, asked.book, asked.campaign_id, asked.serial, asked.request, asked.kind,
        'waiting', 0, 1, asked.now, asked.now
      from unnest(${couponColumns(lot)}, ${textsOf(lot, ({ digest }) => digest)},
          ${textsOf(lot, (one) => JSON.stringify(requestOf(one)))}, ${textsOf(lot, ({ kind }) => kind)},
          ${numbers('bigint', ({ now }) => now)}, ${numbers('integer', ({ mostPerHour }) => mostPerHour)})
        as asked (book, campaign_id, serial, digest, request, kind, now, most)
      where (select coalesce(sum(1 + late.tries), 0) from redemptions as late
        where late.book = asked.book and late.campaign_id = asked.campaign_id
          and late.serial = asked.serial and late.received_at > asked.now - ${HOUR}::bigint
      ) < asked.most
      on conflict (digest) do update set state = 'waiting', code = null,
        request = excluded.request, transaction_id = null, tries = known.tries + 1,
        version = known.version + 1, received_at = excluded.received_at,
        changed_at = excluded.changed_at
      returning digest, version`,
  })
  return new Map(rows.map(({ digest, version }) => [digest, version]))
}

/** How long each coupon has to wait for its next try. */
async function waitsOf({ database, lot }: Lot): Promise<Map<string, number>> {
  if (lot.length === 0) return new Map()
  const rows = await rowsOf<CouponRow & { wait: number }>({
    database,
    statement: sql`
      select asked.book, asked.campaign_id as campaign, asked.serial,
        (min(late.received_at) + ${HOUR}::bigint - asked.now)::float8 as wait
      from unnest(${couponColumns(lot)}, ${column({ type: 'bigint', values: lot.map(({ now }) => now) })})
          as asked (book, campaign_id, serial, now)
        join redemptions as late
          on late.book = asked.book and late.campaign_id = asked.campaign_id
            and late.serial = asked.serial and late.received_at > asked.now - ${HOUR}::bigint
      group by asked.book, asked.campaign_id, asked.serial, asked.now`,
  })
  return new Map(rows.map((row) => [couponIn(row), row.wait]))
}

function couponColumns(lot: readonly Brought[]): SQL {
  return sql`${textsOf(lot, ({ book }) => book)}, ${textsOf(lot, ({ campaignId }) => campaignId.toString())},
    ${textsOf(lot, ({ serial }) => serial.toString())}`
}

function textsOf(lot: readonly Brought[], valueOf: (redemption: Redemption) => string): SQL {
  return column({ type: 'text', values: lot.map(({ redemption }) => valueOf(redemption)) })
}

function couponIn({ book, campaign, serial }: CouponRow): string {
  return [book, campaign, serial].join(' ')
}

/** What its holder's page sent, as it travelled. */
function requestOf({ chainId, book, campaignId, serial, site, deadline, ...rest }: Redemption) {
  const { holder, signature, statements, proof } = rest
  const redeem = { campaignId, serial, site, deadline, holder, signature, statements, proof }
  return encode(redemptionRequestSchema, { chainId, book, ...redeem })
}
