import { type Coupon, idOf, serialAt, type Shard } from '@coupon-secure/protocol/coupon'
import { writeClaimLink } from '@coupon-secure/protocol/claim-link'
import type { Campaign } from '../../chain/book-queries.ts'
import { rangeText } from '../../ui/range-text.ts'
import type { ClaimBatch, ClaimRow } from './claim-batch.ts'
import { writeCsv } from '../../ui/write-csv.ts'

/** What one printed card says; `link` is its QR. */
export type Card = {
  campaign: string
  name: string
  window: string
  place: string
  id: string
  link: string
}

/** The coupons of each address in these shards, in small letters. */
export function couponsByHolder(shards: readonly Shard[]): Map<string, Coupon[]> {
  const found = new Map<string, Coupon[]>()
  for (const { campaignId, index, holders } of shards) {
    for (const [seat, holder] of holders.entries()) {
      const coupon = { campaignId, serial: serialAt({ shard: index, seat }) }
      const key = holder.toLowerCase()
      const known = found.get(key)
      if (known === undefined) found.set(key, [coupon])
      else known.push(coupon)
    }
  }
  return found
}

/** The rows of a batch that the chain shows a coupon of. */
export function issuedRows({
  batch,
  coupons,
}: {
  batch: ClaimBatch
  coupons: ReadonlyMap<string, readonly Coupon[]>
}): ClaimRow[] {
  return batch.rows.filter(({ holder }) => coupons.has(holder.toLowerCase()))
}

/** The list as it came, with the claim link of each row: for a mail merge. */
export function mailMergeOf({
  batch,
  rows,
  origin,
}: {
  batch: ClaimBatch
  rows: readonly ClaimRow[]
  origin: string
}): string {
  const width = Math.max(batch.header.length, ...rows.map(({ cells }) => cells.length))
  const padded = (cells: readonly string[]) =>
    Array.from({ length: width }, (_, index) => cells[index] ?? '')
  const header = padded(batch.header).map((name, index) => name.trim() || `Column ${index + 1}`)
  return writeCsv([
    [...header, 'Claim link'],
    ...rows.map((row) => [...padded(row.cells), linkOf({ batch, row, origin })]),
  ])
}

/** A card for each coupon, in the order of the list. */
export function cardsOf({
  batch,
  rows,
  coupons,
  campaigns,
  origin,
  zone,
  placeOf,
}: {
  batch: ClaimBatch
  rows: readonly ClaimRow[]
  coupons: ReadonlyMap<string, readonly Coupon[]>
  campaigns: readonly Campaign[]
  origin: string
  zone: string
  placeOf: (campaign: Campaign) => string
}): Card[] {
  // What a campaign's cards have in common is worked out once: a formatter of dates takes its time.
  const byId = new Map(
    campaigns.map((campaign) => {
      const [from, to] = [Number(campaign.terms.opensAt), Number(campaign.terms.closesAt)]
      const window = rangeText({ from, to, zone })
      return [campaign.id, { campaign: campaign.name, window, place: placeOf(campaign) }]
    }),
  )
  return rows.flatMap((row) =>
    (coupons.get(row.holder.toLowerCase()) ?? []).flatMap((coupon): Card[] => {
      const common = byId.get(coupon.campaignId)
      if (common === undefined) return []
      const id = idOf({ ...batch, ...coupon })
      return [{ ...common, name: row.name, id, link: linkOf({ batch, row, origin }) }]
    }),
  )
}

function linkOf({
  batch: { chainId, book },
  row: { key },
  origin,
}: {
  batch: ClaimBatch
  row: ClaimRow
  origin: string
}): string {
  return `${origin}/c#${writeClaimLink({ chainId, book, key })}`
}
