import {
  redemptionRequestSchema,
  redemptionSentenceFor,
  type RedemptionCode,
  type RedemptionStatus,
} from '@coupon-secure/protocol/wire-redemption'
import { reached, rowsOf, type Database } from '@coupon-secure/service/database'
import { sql, type SQL } from 'drizzle-orm'
import type { Hex } from 'viem'
import { encode } from 'zod/mini'
import type { Redemption } from './redemption.ts'

const HOUR = 60 * 60_000

/** What became of a redemption that somebody brought. */
export type Admission =
  | { outcome: 'new' | 'known'; status: RedemptionStatus }
  /** The coupon has been tried too often of late. */
  | { outcome: 'often'; retryAfter: number }

/** The queue of redemptions, and where each stands. Times in milliseconds. */
export type QueueStore = {
  status: (digest: Hex) => Promise<RedemptionStatus | undefined>
  statuses: (digests: readonly Hex[]) => Promise<RedemptionStatus[]>
  /**
   * Takes a redemption on; one that is known, or another of its coupon that is under way, is answered with that one's state. One
   * that was refused may be tried again.
   */
  admit: (admitted: {
    redemption: Redemption
    mostPerHour: number
    now: number
  }) => Promise<Admission>
  /** How many wait to be sent, and since when the oldest does. */
  backlog: () => Promise<{ count: number; oldest: number }>
  /** Those that wait to be sent, the oldest first. */
  waiting: (most: number) => Promise<Redemption[]>
  /** Drops what waits and would be refused. */
  refuse: (refused: { digest: Hex; code: RedemptionCode; now: number }) => Promise<void>
  /** How many there are in each state. */
  counts: () => Promise<{ state: RedemptionStatus['state']; count: number }[]>
}

/** The queue in a database. */
export function queueStore(database: Database): QueueStore {
  return {
    status: (digest) =>
      reached(async () => (await statusesIn({ database, which: sql`digest = ${digest}` }))[0]),

    statuses: (digests) =>
      reached(() =>
        statusesIn({ database, which: sql`digest = any(${sql.param([...digests])}::text[])` }),
      ),

    admit: ({ redemption, mostPerHour, now }) =>
      reached(() =>
        database.transaction(async (inside) => {
          const { digest, book, campaignId, serial, kind } = redemption
          const [campaign, number] = [campaignId.toString(), serial.toString()]
          const ofCoupon = sql`redemptions.book = ${book}
            and campaign_id = ${campaign} and serial = ${number}`
          // Of two that come for one coupon at once, on any relayer, the second sees the first.
          const coupon = [book, campaign, number].join(' ')
          await inside.execute(sql`select pg_advisory_xact_lock(hashtextextended(${coupon}, 0))`)
          const known = await statusesIn({
            database: inside,
            which: sql`${ofCoupon} and
              (redemptions.state in ('waiting', 'sent')
                or (digest = ${digest} and redemptions.state <> 'refused'))
              order by digest = ${digest} desc limit 1`,
          })
          if (known[0]) return { outcome: 'known' as const, status: known[0] }

          const ofLate = sql`from redemptions
            where ${ofCoupon} and received_at > ${now - HOUR}::bigint`
          const request = JSON.stringify(requestOf(redemption))
          const [made] = await rowsOf<{ version: number }>({
            database: inside,
            statement: sql`
              insert into redemptions as known (digest, book, campaign_id, serial, request, kind,
                state, tries, version, received_at, changed_at)
              select ${digest}::text, ${book}::text, ${campaign}, ${number}, ${request}::text, ${kind}::text,
                'waiting', 0, 1, ${now}::bigint, ${now}::bigint
              where (select coalesce(sum(1 + tries), 0) ${ofLate}) < ${mostPerHour}::integer
              on conflict (digest) do update set state = 'waiting', code = null,
                request = excluded.request, transaction_id = null, tries = known.tries + 1,
                version = known.version + 1, received_at = excluded.received_at,
                changed_at = excluded.changed_at
              returning version`,
          })
          if (made) {
            const status = { digest, version: made.version, state: 'waiting' as const }
            return { outcome: 'new' as const, status }
          }
          const [tried] = await rowsOf<{ first: number }>({
            database: inside,
            statement: sql`select min(received_at)::float8 as first ${ofLate}`,
          })
          if (!tried) throw new RangeError('a redemption was lost')
          return { outcome: 'often' as const, retryAfter: tried.first + HOUR - now }
        }),
      ),

    backlog: () =>
      reached(async () => {
        const [row] = await rowsOf<{ count: number; oldest: number | null }>({
          database,
          statement: sql`
            select count(*)::integer as count, min(received_at)::float8 as oldest
            from redemptions where state = 'waiting'`,
        })
        return { count: row?.count ?? 0, oldest: row?.oldest ?? 0 }
      }),

    waiting: (most) =>
      reached(async () => {
        const rows = await rowsOf<QueueRow>({
          database,
          statement: sql`
            select digest, request, kind
            from redemptions where state = 'waiting' order by received_at, digest limit ${most}`,
        })
        return rows.map(redemptionIn)
      }),

    refuse: ({ digest, code, now }) =>
      reached(async () => {
        await database.execute(sql`
          update redemptions set state = 'refused', code = ${code}, version = version + 1,
            changed_at = ${now}::bigint
          where digest = ${digest} and state = 'waiting'`)
      }),

    counts: () =>
      reached(() =>
        rowsOf({
          database,
          statement: sql`select state, count(*)::integer as count from redemptions group by state`,
        }),
      ),
  }
}

/** A redemption as the table has it. */
export type QueueRow = { digest: Hex; request: string; kind: Redemption['kind'] }

/** The redemption in a row. */
export function redemptionIn({ digest, request, kind }: QueueRow): Redemption {
  return { ...redemptionRequestSchema.parse(JSON.parse(request)), digest, kind }
}

/** What its holder's page sent, as it travelled. */
function requestOf({ chainId, book, campaignId, serial, site, deadline, ...rest }: Redemption) {
  const { holder, signature, statements, proof } = rest
  const redeem = { campaignId, serial, site, deadline, holder, signature, statements, proof }
  return encode(redemptionRequestSchema, { chainId, book, ...redeem })
}

type StatusRow = {
  digest: Hex
  state: RedemptionStatus['state']
  version: number
  code: RedemptionCode | null
  transaction: Hex | null
  block: number | null
  at: number | null
}

async function statusesIn({
  database,
  which,
}: {
  database: Database
  which: SQL
}): Promise<RedemptionStatus[]> {
  const rows = await rowsOf<StatusRow>({
    database,
    statement: sql`
      select digest, version, redemptions.state, code, block_number::float8 as block,
        block_time::float8 as at,
        coalesce(transactions.hash, (select hash from envelopes
          where envelopes.transaction_id = transactions.id order by signed_at desc limit 1)
        ) as transaction
      from redemptions left join transactions on transactions.id = transaction_id
      where ${which}`,
  })
  return rows.map(statusIn)
}

function statusIn({ digest, state, version, code, transaction, block, at }: StatusRow) {
  const of = { digest, version }
  switch (state) {
    case 'waiting':
      return { ...of, state }
    case 'refused': {
      const named = code ?? 'REFUSED'
      return { ...of, state, code: named, message: redemptionSentenceFor[named] }
    }
    case 'sent':
      return { ...of, state, transaction: whole(transaction) }
    case 'confirmed':
    case 'final':
      return { ...of, state, transaction: whole(transaction), block: whole(block), at: whole(at) }
  }
}

function whole<value>(value: value | null): value {
  if (value === null) throw new RangeError('a redemption is not whole')
  return value
}
