import { redemptionsIn } from '@coupon-secure/protocol/sent-redemption'
import type { Context, Event } from 'ponder:registry'
import schema from 'ponder:schema'
import type { Address, Hex } from 'viem'
import { witnessOf } from './witness.ts'

type Redeemed = { event: Event<'CouponBook:CouponRedeemed'>; context: Context }

/** Who vouched for a redemption, and by which evidence, as far as its transaction shows. */
export async function vouchersOf({ event, context }: Redeemed): Promise<{
  witnesses: Address[]
  evidenceHashes: Hex[]
  isReadable: boolean
}> {
  const { campaignId, serial, holder, site } = event.args
  const sent = readOnce(event)({ campaignId, serial })
  if (sent.kind === 'unreadable') return { witnesses: [], evidenceHashes: [], isReadable: false }

  const seen = { chainId: context.chain.id, book: event.log.address, ...event.args, holder, site }
  const witnesses = sent.statements.flatMap((statement) => {
    const key = witnessOf({ ...seen, statement })
    return key === undefined ? [] : [key]
  })
  const sender = event.transaction.from
  if (!witnesses.includes(sender) && (await isWitness({ event, context }))) witnesses.push(sender)
  const evidenceHashes = sent.statements.map(({ evidenceHash }) => evidenceHash)
  return { witnesses, evidenceHashes, isReadable: true }
}

/** Whether the sender vouched by sending: a witness at that site, valid then, while the window was open. */
async function isWitness({ event, context }: Redeemed): Promise<boolean> {
  const { address: book } = event.log
  const { campaignId, site } = event.args
  const at = event.block.timestamp
  const [entry, campaign] = await Promise.all([
    context.db.find(schema.witness, { book, key: event.transaction.from }),
    context.db.find(schema.campaign, { book, campaignId }),
  ])
  if (entry === null || entry.removedAt !== null || campaign === null) return false
  const isAtSite = entry.site === 0 || entry.site === site
  return isAtSite && entry.validFrom <= at && at < entry.validUntil && at < campaign.closesAt
}

let last: { place: string; find: ReturnType<typeof redemptionsIn> } | undefined

// Redemptions of one batch follow each other, and their transaction is long.
function readOnce({ log, transaction }: Redeemed['event']): ReturnType<typeof redemptionsIn> {
  const place = `${transaction.hash}.${log.address}`
  if (last?.place !== place) {
    const { input, to } = transaction
    last = { place, find: redemptionsIn({ input, to, book: log.address }) }
  }
  return last.find
}
