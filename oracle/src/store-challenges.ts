import { inArray, lte, sql } from 'drizzle-orm'
import type { Address, Hex } from 'viem'
import type { Sighting } from '@coupon-secure/protocol/evidence'
import { grouped } from '@coupon-secure/service/grouped'
import { challenges } from './schema.ts'
import { column, reached, rowsOf, type Database } from '@coupon-secure/service/database'
import { SIGHTING_MILLISECONDS, sightingKeyOf } from './store-sightings.ts'
import { takeTurns, type Attempt, type Turn } from './store-turns.ts'

const KEPT_AFTER_EXPIRY_MILLISECONDS = 60 * 60 * 1000

/** What a challenge was given for; it is good for nothing else. */
export type ChallengeFor = { book: Address; campaignId: bigint; serial: bigint; holder: Address }

/** What became of an attempt to use a challenge. */
export type Consumption = 'consumed' | 'used' | 'expired' | 'unknown' | 'for-something-else'

/** What became of a claim: where its challenge was consumed, with the last sighting of its holder. */
export type Admission =
  | { outcome: 'consumed'; earlier: Sighting | undefined }
  | { outcome: Exclude<Consumption, 'consumed'> }
  | { outcome: 'too-often'; retryAfter: number }

type Given = ChallengeFor & { challenge: Hex; expiresAt: number; turn: Attempt }
type Claimed = ChallengeFor & { challenge: Hex; now: number; turns: readonly Attempt[] }

/** The challenges that were given of late. */
export type ChallengeStore = {
  /** Keeps a challenge, if its turn is allowed. */
  giveChallenge: (challenge: Given) => Promise<Turn>
  /** Takes the turns in their order and, if each is allowed, uses a challenge up: of two at once only one succeeds. */
  admitClaim: (claim: Claimed) => Promise<Admission>
  forgetChallenges: (now: number) => Promise<void>
}

/** The challenges in a database. What is asked at the same time goes together, in one transaction. */
export function challengeStore(database: Database): ChallengeStore {
  const giveChallenge = grouped({
    keysOf: ({ turn }: Given) => [turn.key],
    doAll: (lot) => database.transaction((transaction) => give({ database: transaction, lot })),
  })
  const admitClaim = grouped({
    keysOf: ({ turns, challenge }: Claimed) => [challenge, ...turns.map(({ key }) => key)],
    doAll: (lot) => database.transaction((transaction) => admit({ database: transaction, lot })),
  })

  return {
    giveChallenge: (challenge) => reached(() => giveChallenge(challenge)),
    admitClaim: (claim) => reached(() => admitClaim(claim)),

    // A while after they expired, so that a late claim still hears why.
    forgetChallenges: (now) =>
      reached(async () => {
        await database
          .delete(challenges)
          .where(lte(challenges.expiresAt, now - KEPT_AFTER_EXPIRY_MILLISECONDS))
      }),
  }
}

type Lot<one> = { database: Database; lot: readonly one[] }

async function give({ database, lot }: Lot<Given>): Promise<Turn[]> {
  const turns = await takeTurns({ database, lot: lot.map(({ turn }) => turn) })
  const given = lot.filter((_, index) => turns[index]?.isAllowed)
  if (given.length === 0) return turns
  const expiresAt = column({ type: 'bigint', values: given.map((one) => one.expiresAt) })
  await database.execute(sql`
    insert into challenges (challenge, book, campaign_id, serial, holder, expires_at)
    select * from unnest(${columnsOf(given)}, ${expiresAt})`)
  return turns
}

async function admit({ database, lot }: Lot<Claimed>): Promise<Admission[]> {
  const admissions = new Map<Claimed, Admission>()
  const stillIn = () => lot.filter((claim) => !admissions.has(claim))
  const mostTurns = Math.max(...lot.map(({ turns }) => turns.length))
  for (let place = 0; place < mostTurns; place++) {
    const asked = stillIn().flatMap((claim) => {
      const attempt = claim.turns[place]
      return attempt ? [{ claim, attempt }] : []
    })
    if (asked.length === 0) break
    const turns = await takeTurns({ database, lot: asked.map(({ attempt }) => attempt) })
    for (const [index, { claim }] of asked.entries()) {
      const turn = turns[index]
      if (turn?.isAllowed) continue
      admissions.set(claim, { outcome: 'too-often', retryAfter: turn?.retryAfter ?? 0 })
    }
  }
  const allowed = stillIn()
  if (allowed.length > 0) {
    const consumed = await consume({ database, lot: allowed })
    for (const claim of allowed) {
      const earlier = consumed.get(claim.challenge)
      if (earlier) admissions.set(claim, { outcome: 'consumed', ...earlier })
    }
  }
  const others = stillIn()
  if (others.length > 0) {
    // Only to say why; nothing is granted from here on.
    const why = await reasons({ database, lot: others })
    for (const claim of others) {
      admissions.set(claim, { outcome: why.get(claim.challenge) ?? 'unknown' })
    }
  }
  return lot.map((claim) => admissions.get(claim) ?? { outcome: 'unknown' })
}

/** Uses challenges up, each only for what it was given for; with the last sighting of each one's holder. */
async function consume({
  database,
  lot,
}: Lot<Claimed>): Promise<Map<string, { earlier: Sighting | undefined }>> {
  type Row = { challenge: string } & { [part in keyof Sighting]: number | null }
  const now = Math.max(...lot.map((claim) => claim.now))
  const sightings = column({ type: 'text', values: lot.map(sightingKeyOf) })
  const rows = await rowsOf<Row>({
    database,
    statement: sql`
      update challenges set used_at = ${now}::bigint
      from unnest(${columnsOf(lot)}, ${sightings})
        as asked (challenge, book, campaign_id, serial, holder, sighting)
        left join sightings as seen
          on seen.key = asked.sighting and seen.kept_at > ${now - SIGHTING_MILLISECONDS}::bigint
      where challenges.challenge = asked.challenge and challenges.book = asked.book
        and challenges.campaign_id = asked.campaign_id and challenges.serial = asked.serial
        and challenges.holder = asked.holder
        and challenges.used_at is null and challenges.expires_at > ${now}::bigint
      returning challenges.challenge, seen.longitude_cell as "longitudeCell",
        seen.latitude_cell as "latitudeCell", seen.taken_at::float8 as "takenAt"`,
  })
  return new Map(
    rows.map(({ challenge, longitudeCell, latitudeCell, takenAt }) => {
      const isSeen = longitudeCell !== null && latitudeCell !== null && takenAt !== null
      return [
        challenge,
        { earlier: isSeen ? { longitudeCell, latitudeCell, takenAt } : undefined },
      ] as const
    }),
  )
}

async function reasons({
  database,
  lot,
}: Lot<Claimed>): Promise<Map<string, Exclude<Consumption, 'consumed'>>> {
  const asked = lot.map(({ challenge }) => challenge)
  const rows = await database.select().from(challenges).where(inArray(challenges.challenge, asked))
  const found = new Map(rows.map((row) => [row.challenge, row]))
  return new Map(
    lot.flatMap((claim) => {
      const row = found.get(claim.challenge)
      if (!row) return []
      const { book, campaignId, serial, holder } = purposeOf(claim)
      const isThis =
        row.book === book &&
        row.campaignId === campaignId &&
        row.serial === serial &&
        row.holder === holder
      const why = row.usedAt === null ? 'expired' : 'used'
      return [[claim.challenge, isThis ? why : 'for-something-else'] as const]
    }),
  )
}

function columnsOf(lot: readonly (ChallengeFor & { challenge: Hex })[]) {
  const purposes = lot.map(purposeOf)
  const parts = ['challenge', 'book', 'campaignId', 'serial', 'holder'] as const
  return sql.join(
    parts.map((part) => column({ type: 'text', values: purposes.map((each) => each[part]) })),
    sql`, `,
  )
}

// Serials and campaigns are larger than any number of the database; addresses compare in one spelling.
function purposeOf({
  challenge,
  book,
  campaignId,
  serial,
  holder,
}: ChallengeFor & { challenge: Hex }) {
  return {
    challenge,
    book: book.toLowerCase(),
    campaignId: campaignId.toString(),
    serial: serial.toString(),
    holder: holder.toLowerCase(),
  }
}
