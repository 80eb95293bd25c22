import type { RedemptionCode } from '@coupon-secure/protocol/wire-redemption'
import { reached, rowsOf, type Database } from '@coupon-secure/service/database'
import { sql, type SQL } from 'drizzle-orm'
import type { Address, Hex } from 'viem'
import type { Fees } from './chain.ts'
import type { BookCall, Redemption } from './redemption.ts'
import { isLeased, type Lease } from './store-leases.ts'
import { redemptionIn, type QueueRow } from './store-queue.ts'

const MOST_TRIES = 3

/** A transaction as it was signed. `signedAt` in milliseconds. */
export type Envelope = Fees & { hash: Hex; raw: Hex; signedAt: number }

/** A transaction that may still change, with all its envelopes (the newest last) and what it redeems. */
export type Pending = BookCall & {
  id: number
  sender: Address
  nonce: number
  gas: bigint
  madeAt: number
  /** Where it is in the chain, as far as we have seen. */
  mined: { number: bigint; hash: Hex } | undefined
  envelopes: Envelope[]
  redemptions: Redemption[]
}

/** A transaction in a block: what it cost, and what became of each of its redemptions. */
export type Mined = {
  id: number
  hash: Hex
  block: { number: bigint; hash: Hex; time: number }
  cost: bigint
  outcomes: readonly { digest: Hex; outcome: 'redeemed' | 'again' | RedemptionCode }[]
}

/** Signs a call with a nonce. */
export type SignWith = (nonce: number) => Promise<Envelope>

/** What was or will be sent. */
export type TransactionStore = {
  /**
   * Writes down that these redemptions are sent, by which signed transaction. Undefined, and nothing written, where the key is
   * not ours now or one of them waits no more.
   */
  intend: (intent: {
    lease: Lease
    chainNonce: number
    call: BookCall
    gas: bigint
    digests: readonly Hex[]
    sign: SignWith
    now: number
  }) => Promise<Envelope | undefined>
  /** Writes down another envelope of a transaction that is in no block; whether the key is ours now. */
  replace: (replacement: { lease: Lease; id: number; envelope: Envelope }) => Promise<boolean>
  pending: (sender: Address) => Promise<Pending[]>
  mined: (mined: Mined & { now: number }) => Promise<void>
  /** It is in no block any more. */
  reopened: (of: { id: number; now: number }) => Promise<void>
  finalised: (of: { id: number; now: number }) => Promise<void>
  /** Something else has its nonce: what it was to redeem waits again. */
  lost: (of: { id: number; now: number }) => Promise<void>
  /** What was spent since then, and may be by what is under way, in wei. */
  spentSince: (since: number) => Promise<bigint>
  /** When the oldest that is in no block was made. */
  oldestOpen: () => Promise<number | undefined>
}

/** The transactions in a database. */
export function transactionStore(database: Database): TransactionStore {
  return {
    intend: (intent) => reached(() => intend({ database, ...intent })),

    replace: ({ lease, id, envelope }) =>
      reached(() =>
        database.transaction(async (inside) => {
          if (!(await isLeased({ database: inside, lease }))) return false
          await keepEnvelope({ database: inside, id, envelope })
          return true
        }),
      ),

    pending: (sender) => reached(() => pending({ database, sender })),

    mined: ({ id, hash, block, cost, outcomes, now }) =>
      reached(() =>
        database.transaction(async (inside) => {
          await inside.execute(sql`
            update transactions set state = 'mined', hash = ${hash},
              block_number = ${Number(block.number)}::bigint, block_hash = ${block.hash},
              block_time = ${block.time}::bigint, cost = ${cost.toString()}::numeric
            where id = ${id}`)
          for (const what of new Set(outcomes.map(({ outcome }) => outcome))) {
            const those = outcomes.filter(({ outcome }) => outcome === what)
            const digests = sql.param(those.map(({ digest }) => digest))
            await change({
              database: inside,
              set: afterOutcome(what),
              where: sql`digest = any(${digests}::text[]) and transaction_id = ${id}`,
              now,
            })
          }
        }),
      ),

    reopened: ({ id, now }) =>
      reached(() =>
        database.transaction(async (inside) => {
          await inside.execute(sql`
            update transactions set state = 'open', hash = null, block_number = null,
              block_hash = null, block_time = null, cost = null
            where id = ${id}`)
          await change({
            database: inside,
            set: sql`state = 'sent'`,
            where: sql`transaction_id = ${id} and state = 'confirmed'`,
            now,
          })
        }),
      ),

    finalised: ({ id, now }) =>
      reached(() =>
        database.transaction(async (inside) => {
          await inside.execute(sql`update transactions set state = 'final' where id = ${id}`)
          await change({
            database: inside,
            set: sql`state = 'final'`,
            where: sql`transaction_id = ${id} and state = 'confirmed'`,
            now,
          })
        }),
      ),

    lost: ({ id, now }) =>
      reached(() =>
        database.transaction(async (inside) => {
          await inside.execute(sql`update transactions set state = 'lost' where id = ${id}`)
          await change({
            database: inside,
            set: sql`state = 'waiting', transaction_id = null`,
            where: sql`transaction_id = ${id} and state in ('sent', 'confirmed')`,
            now,
          })
        }),
      ),

    spentSince: (since) =>
      reached(async () => {
        const [row] = await rowsOf<{ spent: string }>({
          database,
          statement: sql`
            select coalesce(sum(coalesce(cost, gas * (select max(max_fee) from envelopes
              where transaction_id = transactions.id))), 0)::text as spent
            from transactions
            where state <> 'lost' and (state = 'open' or made_at >= ${since}::bigint)`,
        })
        return BigInt(row?.spent ?? 0)
      }),

    oldestOpen: () =>
      reached(async () => {
        const [row] = await rowsOf<{ at: number | null }>({
          database,
          statement: sql`
            select min(made_at)::float8 as at from transactions where state = 'open'`,
        })
        return row?.at ?? undefined
      }),
  }
}

class NotWaitingError extends Error {
  override name = 'NotWaitingError'
}

async function intend({
  database,
  lease,
  chainNonce,
  call: { book, data },
  gas,
  digests,
  sign,
  now,
}: Parameters<TransactionStore['intend']>[0] & { database: Database }) {
  try {
    return await database.transaction(async (inside) => {
      if (!(await isLeased({ database: inside, lease }))) return undefined
      const [last] = await rowsOf<{ next: number | null }>({
        database: inside,
        statement: sql`
          select (max(nonce) + 1)::float8 as next from transactions
          where sender = ${lease.sender} and state in ('open', 'mined')`,
      })
      const nonce = Math.max(chainNonce, last?.next ?? 0)
      const envelope = await sign(nonce)
      const [made] = await rowsOf<{ id: number }>({
        database: inside,
        statement: sql`
          insert into transactions (sender, nonce, book, data, gas, state, made_at)
          values (${lease.sender}, ${nonce}::bigint, ${book}, ${data}, ${Number(gas)}::bigint,
            'open', ${now}::bigint)
          returning id::float8 as id`,
      })
      if (!made) throw new RangeError('a transaction was lost')
      await keepEnvelope({ database: inside, id: made.id, envelope })
      const taken = await change({
        database: inside,
        set: sql`state = 'sent', transaction_id = ${made.id}`,
        where: sql`digest = any(${sql.param([...digests])}::text[]) and state = 'waiting'`,
        now,
      })
      // Another relayer with another key has taken one of them.
      if (taken !== digests.length) throw new NotWaitingError()
      return envelope
    })
  } catch (error) {
    if (error instanceof NotWaitingError) return undefined
    throw error
  }
}

async function pending({
  database,
  sender,
}: {
  database: Database
  sender: Address
}): Promise<Pending[]> {
  const of = sql`(select id from transactions where sender = ${sender} and state in ('open', 'mined'))`
  const transactions = await rowsOf<TransactionRow>({
    database,
    statement: sql`
      select id::float8 as id, sender, nonce::float8 as nonce, book, data, gas::text as gas,
        made_at::float8 as "madeAt", block_number::text as "number", block_hash as hash
      from transactions where id in ${of} order by nonce`,
  })
  if (transactions.length === 0) return []
  const [envelopes, queued] = await Promise.all([
    rowsOf<EnvelopeRow>({
      database,
      statement: sql`
        select transaction_id::float8 as id, hash, raw, max_fee::text as "maxFee",
          tip::text as tip, signed_at::float8 as "signedAt"
        from envelopes where transaction_id in ${of} order by signed_at`,
    }),
    rowsOf<QueueRow & { id: number }>({
      database,
      statement: sql`
        select transaction_id::float8 as id, digest, request, kind
        from redemptions where transaction_id in ${of}`,
    }),
  ])
  return transactions.map(({ gas, number, hash, ...rest }) => ({
    ...rest,
    gas: BigInt(gas),
    mined: number !== null && hash !== null ? { number: BigInt(number), hash } : undefined,
    envelopes: envelopes
      .filter(({ id }) => id === rest.id)
      .map(({ hash, raw, signedAt, maxFee, tip }) => {
        return { hash, raw, signedAt, maxFee: BigInt(maxFee), tip: BigInt(tip) }
      }),
    redemptions: queued.filter(({ id }) => id === rest.id).map(redemptionIn),
  }))
}

type TransactionRow = Pick<Pending, 'id' | 'sender' | 'nonce' | 'book' | 'data' | 'madeAt'> & {
  gas: string
  number: string | null
  hash: Hex | null
}
type EnvelopeRow = Pick<Envelope, 'hash' | 'raw' | 'signedAt'> & {
  id: number
  maxFee: string
  tip: string
}

async function keepEnvelope({
  database,
  id,
  envelope: { hash, raw, maxFee, tip, signedAt },
}: {
  database: Database
  id: number
  envelope: Envelope
}): Promise<void> {
  await database.execute(sql`
    insert into envelopes (hash, transaction_id, raw, max_fee, tip, signed_at)
    values (${hash}, ${id}, ${raw}, ${maxFee.toString()}::numeric, ${tip.toString()}::numeric,
      ${signedAt}::bigint)`)
}

/** Changes where redemptions stand, and counts it; how many did. */
async function change({
  database,
  set,
  where,
  now,
}: {
  database: Database
  set: SQL
  where: SQL
  now: number
}): Promise<number> {
  const rows = await rowsOf({
    database,
    statement: sql`
      update redemptions set ${set}, version = version + 1, changed_at = ${now}::bigint
      where ${where} returning digest`,
  })
  return rows.length
}

function afterOutcome(outcome: Mined['outcomes'][number]['outcome']): SQL {
  if (outcome === 'redeemed') return sql`state = 'confirmed', code = null`
  if (outcome !== 'again') return sql`state = 'refused', code = ${outcome}`
  // The whole transaction failed: each is looked at anew, and not for ever.
  return sql`
    state = case when tries < ${MOST_TRIES} then 'waiting' else 'refused' end,
    code = case when tries < ${MOST_TRIES} then null else 'REFUSED' end,
    tries = tries + 1, transaction_id = null`
}
