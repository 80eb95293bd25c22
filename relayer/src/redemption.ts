import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { packBatch } from '@coupon-secure/protocol/batch'
import { packProof } from '@coupon-secure/protocol/coupon'
import { hashRedeem } from '@coupon-secure/protocol/presence'
import type { RedemptionRequest } from '@coupon-secure/protocol/wire-redemption'
import { encodeFunctionData, type Address, type Hex } from 'viem'

/** A redemption that was taken on: what its holder sent us, and the digest they signed. */
export type Redemption = RedemptionRequest & {
  digest: Hex
  /** Whether a key signed or, by ERC-1271, a contract: no batch takes the latter. */
  kind: 'key' | 'contract'
}

/** A call of a book. */
export type BookCall = { book: Address; data: Hex }

/** The digest that the holder signed, by which everybody calls the redemption. */
export function digestOf({ chainId, book, deadline, ...redeem }: RedemptionRequest): Hex {
  return hashRedeem({ chainId, book, redeem: { ...redeem, deadline: BigInt(deadline) } })
}

/** The call that does one redemption or, with its reason, reverts. */
export function callOfOne(redemption: RedemptionRequest): BookCall {
  const { book, campaignId, serial, statements, site, proof, holder, deadline, signature } =
    redemption
  const data = encodeFunctionData({
    abi: couponBookAbi,
    functionName: 'redeemFor',
    args: [
      ...([campaignId, serial, statements, site, packProof(proof), holder] as const),
      ...([BigInt(deadline), signature] as const),
    ],
  })
  return { book, data }
}

/** The call that does redemptions which one transaction can hold: of one batch, or a single one of a contract. */
export function callOf(lot: readonly Redemption[]): BookCall {
  const [first] = lot
  if (!first) throw new RangeError('there is nothing to call')
  if (first.kind === 'contract') return callOfOne(first)
  const { items, statements } = packBatch({
    items: lot.map(({ deadline, ...item }) => ({ ...item, deadline: BigInt(deadline) })),
  })
  const data = encodeFunctionData({
    abi: couponBookAbi,
    functionName: 'redeemBatch',
    args: [first.campaignId, first.site, items, statements],
  })
  return { book: first.book, data }
}

/** Redemptions in lots that one transaction can hold, in the order of their coming. */
export function lotsOf({
  redemptions,
  most,
}: {
  redemptions: readonly Redemption[]
  most: number
}): Redemption[][] {
  const open = new Map<string, Redemption[]>()
  const lots: Redemption[][] = []
  for (const redemption of redemptions) {
    const { book, campaignId, site, kind, digest } = redemption
    const key = kind === 'contract' ? digest : `${book} ${campaignId} ${site}`
    const lot = open.get(key)
    if (lot && lot.length < most) {
      lot.push(redemption)
      continue
    }
    const next = [redemption]
    open.set(key, next)
    lots.push(next)
  }
  return lots
}
