import { CLASSES } from '@coupon-secure/protocol/presence'
import { type Address, isAddressEqual } from 'viem'
import type { BookWitness, Campaign, Ledger } from '../../chain/book-queries.ts'

/** One thing that must be there before coupons can be used, and where it is done. */
export type Check = {
  title: string
  detail: string
  isDone: boolean
  /** A part of this page, or a page of the book's desk. */
  href?: string
}

/** What the list is made from; undefined is what has not answered yet. */
export type Prepared = {
  book: Address
  campaigns: readonly Campaign[]
  ledgers: readonly (Ledger | undefined)[]
  witnesses: readonly BookWitness[] | undefined
  /** The oracle's key, or why it does not say. */
  oracle: { address: Address } | { sentence: string; code: string } | undefined
  /** The campaigns whose places the oracle does not know. */
  unknownPlaces: readonly bigint[]
  /** Unix seconds. */
  now: number
}

/** What must be there, in the order to do it; what is over is no longer asked about. */
export function checksOf({
  book,
  campaigns,
  ledgers,
  witnesses,
  oracle,
  unknownPlaces,
  now,
}: Prepared): Check[] {
  const going = campaigns
    .map((campaign, index) => ({ campaign, ledger: ledgers[index] }))
    .filter(({ campaign: { terms } }) => now < Number(terms.closesAt))
  const people = `/organise/${book}/people`
  const isNeeded = (bit: number) => (classes: number) => (classes & bit) !== 0
  const asksFor = (bit: number) =>
    going.some(({ campaign }) => isNeeded(bit)(campaign.terms.requiredWitnesses))
  const valid = (witnesses ?? []).filter(({ validUntil }) => now < Number(validUntil))
  const address = oracle && 'address' in oracle ? oracle.address : undefined
  const believed = valid.find(({ key }) => address !== undefined && isAddressEqual(key, address))
  const counters = valid.filter(({ classes }) => isNeeded(CLASSES.counter)(classes))
  const empty = going.filter(({ ledger }) => ledger?.issued === 0n)
  const unknown = going.filter(({ campaign }) => unknownPlaces.includes(campaign.id))
  const early = going.filter(({ campaign: { terms } }) => endsEarly({ terms, valid }))
  const namesOf = (some: typeof going) => some.map(({ campaign }) => campaign.name).join(', ')
  const hasWitnesses = witnesses !== undefined

  return [
    {
      title: 'The oracle answers',
      isDone: address !== undefined,
      detail:
        oracle !== undefined && 'sentence' in oracle
          ? `${oracle.sentence} (${oracle.code})`
          : 'It vouches where people are.',
      href: `/organise/${book}/watch`,
    },
    {
      title: 'The book believes the oracle',
      isDone: believed !== undefined,
      detail:
        believed !== undefined
          ? 'It is a location witness of this book.'
          : 'This app’s oracle is no witness of the book: campaigns that ask for a place could not be used.',
      href: `${people}#witnesses`,
    },
    {
      title: 'A campaign',
      isDone: going.length > 0,
      detail:
        going.length > 0
          ? `${going.length} to come or open.`
          : campaigns.length > 0
            ? 'All are over. Make the next one.'
            : 'One for each meal: when, where, how many.',
      href: '#new-campaign',
    },
    ...(asksFor(CLASSES.location)
      ? [
          {
            title: 'The oracle knows the places',
            isDone: address !== undefined && unknown.length === 0,
            detail:
              unknown.length > 0
                ? `It does not know those of ${namesOf(unknown)}: load the saved geofence into the form of a new campaign, which gives it to the oracle.`
                : 'It can judge who is there.',
            href: '#new-campaign',
          },
        ]
      : []),
    ...(asksFor(CLASSES.counter)
      ? [
          {
            title: 'A counter',
            isDone: counters.length > 0,
            detail:
              counters.length > 0
                ? `${counters.length === 1 ? 'One stands' : `${counters.length} stand`} ready.`
                : 'A campaign asks for a counter’s word, and the book has none.',
            href: `${people}#witnesses`,
          },
        ]
      : []),
    ...(going.length > 0 && hasWitnesses
      ? [
          {
            title: 'Witnesses that last',
            isDone: early.length === 0,
            detail:
              early.length === 0
                ? 'Each is valid until the campaigns that ask for it are settled.'
                : `None that is asked for lasts to the end of ${namesOf(early)}. Add one with a later end.`,
            href: `${people}#witnesses`,
          },
        ]
      : []),
    {
      title: 'Coupons issued',
      isDone: going.length > 0 && empty.length === 0 && going.every(({ ledger }) => ledger),
      detail:
        empty.length > 0
          ? `None yet in: ${namesOf(empty)}.`
          : 'Give them to a list of people, with wallets or without.',
      href: '#issue',
    },
  ]
}

/** Whether for one of the classes that are asked for no witness is valid to the end, grace included. */
function endsEarly({
  terms,
  valid,
}: {
  terms: Campaign['terms']
  valid: readonly BookWitness[]
}): boolean {
  const end = terms.closesAt + terms.grace
  const lasting = valid
    .filter(({ validUntil }) => validUntil >= end)
    .reduce((bits, { classes }) => bits | classes, 0)
  return (terms.requiredWitnesses & ~lasting) !== 0
}
