import type { TypedDataToPrimitiveTypes } from 'abitype'
import type { Hex } from 'viem'
import { type BookPlace, domainOf } from './presence.ts'
import { hashTypedData } from './typed-data.ts'

/** What an oracle signs when it does not vouch; the chain never sees it. */
export const refusalTypes = {
  Refusal: [
    { name: 'campaignId', type: 'uint256' },
    { name: 'serial', type: 'uint256' },
    { name: 'holder', type: 'address' },
    { name: 'code', type: 'string' },
    { name: 'refusedAt', type: 'uint64' },
    { name: 'evidenceHash', type: 'bytes32' },
  ],
} as const

/** "This holder asked for this coupon, and I said no, for this reason." */
export type Refusal = TypedDataToPrimitiveTypes<typeof refusalTypes>['Refusal']

/** The digest that an oracle signs with a no. */
export function hashRefusal({ chainId, book, refusal }: BookPlace & { refusal: Refusal }): Hex {
  return hashTypedData({
    domain: domainOf({ chainId, book }),
    types: refusalTypes,
    primaryType: 'Refusal',
    message: refusal,
  })
}
