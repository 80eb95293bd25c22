import {
  redemptionSentenceFor,
  type RedemptionCode,
  type RedemptionStatus,
} from '@coupon-secure/protocol/wire-redemption'
import { rowsOf, type Database } from '@coupon-secure/service/database'
import { sql, type SQL } from 'drizzle-orm'
import type { Hex } from 'viem'

/** Where a redemption stands, as the tables have it. */
export type StatusRow = {
  digest: Hex
  state: RedemptionStatus['state']
  version: number
  code: RedemptionCode | null
  transaction: Hex | null
  block: number | null
  at: number | null
}

/** Asks for a `StatusRow` of each redemption that `which` is true of, with `more` columns. */
export function statusRows({ which, more = sql`` }: { which: SQL; more?: SQL }): SQL {
  return sql`
    select digest, version, redemptions.state, code, block_number::float8 as block,
      block_time::float8 as at,
      coalesce(transactions.hash, (select hash from envelopes
        where envelopes.transaction_id = transactions.id order by signed_at desc limit 1)
      ) as transaction ${more}
    from redemptions left join transactions on transactions.id = transaction_id
    where ${which}`
}

/** Where those of these redemptions stand that are known. */
export async function statusesOf({
  database,
  digests,
}: {
  database: Database
  digests: readonly Hex[]
}): Promise<RedemptionStatus[]> {
  const rows = await rowsOf<StatusRow>({
    database,
    statement: statusRows({ which: sql`digest = any(${sql.param([...digests])}::text[])` }),
  })
  return rows.map(statusIn)
}

/** What a row says. */
export function statusIn({
  digest,
  state,
  version,
  code,
  transaction,
  block,
  at,
}: StatusRow): RedemptionStatus {
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
