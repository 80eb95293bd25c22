// Batches: items packed as they should be, and otherwise.
import type { Call, Item, Statement, Step } from './calls.ts'
import { addressOf, makePermit } from './cast.ts'
import { NOBODY } from './roles.ts'
import {
  numberOf,
  seatsOf,
  type Found,
  type Pointed,
  type Seat,
  type Situation,
} from './situation.ts'
import { serialOf } from './trees.ts'
import {
  draftPermit,
  pickOpen,
  someDeadline,
  someProof,
  someSender,
  someSite,
  usable,
} from './visiting.ts'
import { statementsFor } from './vouching.ts'

const TOO_MANY = 2_200 // items without nodes that are more bytes than a batch takes
const MOST_NODES = 15 // that an item can say it has; twice as many as it may

type Batch = Extract<Call, { to: 'redeemBatch' }>

/** Somebody sends what several holders permitted. */
export function redeemBatch(situation: Situation): Omit<Step, 'at'> | undefined {
  const { random } = situation
  const found = pickOpen(situation)
  if (found === undefined) return undefined
  const seats = someSeats({ situation, found })
  if (seats.length === 0) return undefined
  const sender = someSender(situation)
  const campaignId = numberOf({ situation, found })
  const site = someSite({ situation, found })
  const isSharing = random.chance(0.7)
  const made = seats.map((seat, i) =>
    makeItem({
      situation,
      found,
      campaignId,
      site,
      sender,
      seat,
      before: isSharing ? seats[i - 1] : undefined,
    }),
  )
  const items = made.map(({ item }) => item)
  const statements = made.flatMap((one) => one.statements)
  const call: Batch = { to: 'redeemBatch', campaignId, site, items, cut: 0, statements }
  return { sender, call: random.chance(0.1) ? misshapen({ situation, call }) : call }
}

/** Some of the seats, mostly in the order of their serials, so that they can share nodes. */
function someSeats({ situation, found }: Pointed): Seat[] {
  const { random, wallet } = situation
  const all = seatsOf({ campaign: found.campaign })
  const plain = usable({ situation, found }).filter(
    ({ shard, seat }) => shard.holders[seat] !== wallet,
  )
  const few = random.shuffle(plain.length > 0 && random.chance(0.85) ? plain : all)
  const chosen = few.slice(0, 1 + random.below(6))
  if (random.chance(0.08) && chosen.length > 0) chosen.push(random.pick(chosen))
  if (random.chance(0.1)) return chosen
  return chosen.sort((a, b) => Number(serialAt(a) - serialAt(b)))
}

function makeItem({
  situation,
  found,
  campaignId,
  site,
  sender,
  seat,
  before,
}: {
  situation: Situation
  found: Found
  campaignId: bigint
  site: bigint
  sender: string
  seat: Seat
  before: Seat | undefined
}): { item: Item; statements: Statement[] } {
  const { book, wallet } = situation
  const serial = serialAt(seat)
  const deadline = someDeadline(situation)
  const asked = { campaignId, serial, site, deadline }
  const holder = seat.shard.holders[seat.seat]!
  const signer = holder === wallet ? addressOf('owner of the wallet') : holder
  const facts = draftPermit({ situation, asked, signer, isCompact: true })
  const permit = makePermit({ book, asked, facts })
  const claim = { campaignId, serial, site, holder: permit.isBroken ? NOBODY : permit.seems }
  const { terms } = found.campaign
  const statements = statementsFor({ situation, terms, claim, sender })
  const others = seatsOf({ campaign: found.campaign })
  const whole = someProof({ situation, seat, others })
  const take = Math.min(whole.take, levelsAlone({ seat, before }))
  const junk = Math.min(whole.junk, MOST_NODES - take)
  return {
    item: {
      serial,
      deadline,
      statementCount: statements.length,
      permit,
      proof: { ...whole, take, junk },
    },
    statements,
  }
}

/** How many levels an item climbs before it meets the way of the item before it. */
function levelsAlone({ seat, before }: { seat: Seat; before: Seat | undefined }): number {
  if (before?.shard !== seat.shard || before.seat === seat.seat) return Infinity
  return Math.floor(Math.log2(seat.seat ^ before.seat))
}

/** The batch with something about it that is no single item's fault. */
function misshapen({ situation, call }: { situation: Situation; call: Batch }): Batch {
  const { random } = situation
  const { items, statements } = call
  const [first] = items
  const spoil = (change: Partial<Item>) => ({
    ...call,
    items: [{ ...first!, ...change }, ...items.slice(1)],
  })
  switch (random.weigh({ cut: 4, empty: 2, named: 2, unnamed: 2, deep: 2, lean: 3, long: 1 })) {
    case 'cut':
      return { ...call, cut: 1 + random.below(64) }
    case 'empty':
      return { ...call, items: [], statements: [] }
    case 'named':
      return spoil({ statementCount: first!.statementCount + 1 })
    case 'unnamed':
      return { ...call, statements: statements.slice(1) }
    case 'deep':
      return spoil({ proof: { ...first!.proof, junk: MOST_NODES - first!.proof.take } })
    case 'lean':
      return spoil({ proof: { ...first!.proof, take: 0 } })
    case 'long': {
      const short = { ...first!, statementCount: 0, proof: { ...first!.proof, take: 0, junk: 0 } }
      return { ...call, items: Array.from({ length: TOO_MANY }, () => short), statements: [] }
    }
  }
}

function serialAt({ shard: { index }, seat }: Seat): bigint {
  return serialOf({ index, seat })
}
